using System.Text.Json;
using System.Text.Json.Serialization;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.GetMarketHistory;

/// <summary>Something that happened to a market.</summary>
public sealed record GetMarketHistoryResponse
{
    /// <summary>What happened.</summary>
    /// <example>changed</example>
    [AllowedValues(typeof(GetMarketHistoryAction))]
    public string Action { get; init; } = "";

    /// <summary>The version before; null when it was made.</summary>
    /// <example>2</example>
    public long? FromVersion { get; init; }

    /// <summary>The version after; null when it was deleted.</summary>
    /// <example>3</example>
    public long? ToVersion { get; init; }

    /// <summary>Who did it; null for the program itself, which closes markets at their end and imports them again.</summary>
    public GetMarketHistoryActor? ChangedBy =>
        ChangedById is { } id ? new GetMarketHistoryActor(id, ChangedByDisplayName) : null;

    /// <summary>When, in UTC.</summary>
    /// <example>2026-11-23T17:04:05.5Z</example>
    public DateTime ChangedAt { get; init; }

    /// <summary>Why, for a correction of how the market was settled; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>Which fields were changed, and from what to what. Empty when none of those was that people can change, as in a repeated import.</summary>
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
}
