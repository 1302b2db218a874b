using System.Text.Json;
using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Users;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.GetMarketHistory;

/// <summary>A change to a market.</summary>
public sealed record GetMarketHistoryResponse
{
    /// <summary>What happened.</summary>
    /// <example>changed</example>
    [AllowedValues(typeof(GetMarketHistoryAction))]
    public string Action { get; init; } = "";

    /// <summary>The version before the change. Null when the market was created.</summary>
    /// <example>2</example>
    public long? FromVersion { get; init; }

    /// <summary>The version after the change. Null when the market was deleted.</summary>
    /// <example>3</example>
    public long? ToVersion { get; init; }

    /// <summary>The user who made the change. Null for the program itself, which closes markets at their endsAt and updates them by import.</summary>
    public PublicUser? ChangedBy => ChangedById is { } id ? new PublicUser(id, ChangedByDisplayName) : null;

    /// <summary>When it happened, in UTC.</summary>
    /// <example>2026-11-23T17:04:05.5Z</example>
    public DateTime ChangedAt { get; init; }

    /// <summary>The reason for a correction of the outcome. Null for other changes.</summary>
    public string? Reason { get; init; }

    /// <summary>The changed fields, each with its old and new value. Empty when no field that users can change was changed, as in a repeated import.</summary>
    public IReadOnlyList<GetMarketHistoryChange> Changes =>
        JsonSerializer.Deserialize<GetMarketHistoryChange[]>(ChangesJson, JsonSettings.Wire) ?? [];

    /// <summary>Its place among what the database has on the market.</summary>
    [JsonIgnore]
    public long Number { get; init; }

    /// <summary>The user's id, as the database has it.</summary>
    [JsonIgnore]
    public Guid? ChangedById { get; init; }

    /// <summary>The user's name, as the database has it.</summary>
    [JsonIgnore]
    public string ChangedByDisplayName { get; init; } = "";

    /// <summary>The changes, as the database has them.</summary>
    [JsonIgnore]
    public string ChangesJson { get; init; } = "[]";

    /// <summary>How many bytes the changes before it on the page take.</summary>
    [JsonIgnore]
    public long BytesBefore { get; init; }
}

/// <summary>What can happen to a market, as the wire and the database spell it.</summary>
internal static class GetMarketHistoryAction
{
    /// <summary>It was made.</summary>
    public const string Created = "created";

    /// <summary>Some of its fields were changed, in one step.</summary>
    public const string Changed = "changed";

    /// <summary>It was removed.</summary>
    public const string Deleted = "deleted";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Created, Changed, Deleted];
}

/// <summary>One field of a market before and after a change.</summary>
/// <param name="Field">The property's name.</param>
/// <param name="From">The value before the change, or null.</param>
/// <param name="To">The value after the change, or null.</param>
/// <example>{"field": "status", "from": "active", "to": "closed"}</example>
public sealed record GetMarketHistoryChange(string Field, string? From, string? To);
