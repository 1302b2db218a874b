using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>How large a page can be, for the validators and for SQL.</summary>
internal static class PageLimits
{
    /// <summary>How many items a page holds when the caller doesn't say.</summary>
    public const int Default = 20;

    /// <summary>The most items that a caller can ask for.</summary>
    public const int Max = 100;

    /// <summary>The most items that a caller can skip.</summary>
    public const int MaxOffset = 10_000;

    /// <summary>The rows that the largest page reads, one more than it holds, as SQL: <see cref="Max"/> + 1.</summary>
    public const string MaxRows = "101";

    /// <summary>The rows up to the end of the deepest page, as SQL: <see cref="MaxOffset"/> + <see cref="Max"/> + 1.</summary>
    public const string MaxRowsWithOffset = "10101";

    /// <summary>A limit from 1 to a maximum.</summary>
    public static IRuleBuilderOptions<T, int?> PageLimit<T>(this IRuleBuilder<T, int?> rule, int maximum = Max) =>
        rule.InclusiveBetween(1, maximum).WithMessage($"limit must be from 1 to {maximum}.");
}

/// <summary>Which part of a list that has nothing else to choose.</summary>
public sealed record PageRequest
{
    /// <summary>The maximum number of items to return.</summary>
    [DefaultValue(PageLimits.Default)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The nextCursor of the previous page.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The most items that the page holds.</summary>
    internal int Size => Limit ?? PageLimits.Default;
}

internal sealed class PageValidator : AbstractValidator<PageRequest>
{
    public PageValidator() => RuleFor(request => request.Limit).PageLimit();
}

/// <summary>The body of a successful response with a list.</summary>
/// <param name="Data">The items, in the order of the list.</param>
/// <param name="Meta">Paging information.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, PageMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}

/// <summary>Paging information of a list.</summary>
public sealed record PageMeta
{
    /// <summary>The maximum number of items on a page.</summary>
    /// <example>1</example>
    public required int Limit { get; init; }

    /// <summary>The number of items skipped. Absent when the page was requested with a cursor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Offset { get; init; }

    /// <summary>Whether another page follows.</summary>
    /// <example>true</example>
    public required bool HasMore { get; init; }

    /// <summary>Send it as <c>cursor</c> to get the next page. Null on the last page.</summary>
    /// <example>8Jq3bW1Zr0cBk7L0fBx6O51ST26KHCs9MTI1MC41MA</example>
    public required string? NextCursor { get; init; }

    /// <summary>The number of items in the whole list. Only with <c>count=true</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }
}
