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
    /// <summary>The most items to return.</summary>
    [DefaultValue(PageLimits.Default)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The nextCursor of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The most items that the page holds.</summary>
    internal int Size => Limit ?? PageLimits.Default;
}

internal sealed class PageValidator : AbstractValidator<PageRequest>
{
    public PageValidator() => RuleFor(request => request.Limit).PageLimit();
}

/// <summary>The body of a success that is part of a list.</summary>
/// <param name="Data">The items, in the order of the list.</param>
/// <param name="Meta">Where this page stands.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, PageMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}

/// <summary>Where a page stands in its list.</summary>
public sealed record PageMeta
{
    /// <summary>The most items that a page of this request holds.</summary>
    /// <example>20</example>
    public required int Limit { get; init; }

    /// <summary>How many items were skipped; absent on a page reached by cursor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Offset { get; init; }

    /// <summary>Whether another page follows.</summary>
    /// <example>true</example>
    public required bool HasMore { get; init; }

    /// <summary>What to send as <c>cursor</c> to get the next page; null on the last one.</summary>
    /// <example>8Jq3bW1Zr0cBk7L0fBx6O51ST26KHCs9MTI1MC41MA</example>
    public required string? NextCursor { get; init; }

    /// <summary>How many items the whole list has; only when asked for with <c>count=true</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }
}
