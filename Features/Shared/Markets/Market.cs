using System.Text.Json.Serialization;
using MarketsApi.Infrastructure.OpenApi;

[assembly: ApiTag("Markets", "Questions about the future, from draft to outcome.")]

namespace MarketsApi.Features.Shared.Markets;

/// <summary>A market with all its properties.</summary>
public sealed record Market : MarketItem
{
    /// <summary>The exact question and how it is decided: up to 5,000 characters, never null.</summary>
    /// <example>Resolves to yes when the waterways authority reports a closed ice cover at gauge Cologne.</example>
    [JsonPropertyOrder(1)]
    public string Description { get; init; } = "";

    /// <summary>Rises with each position.</summary>
    [JsonIgnore]
    public long Revision { get; init; }

    /// <summary>The entity tag: covers everything but the creator's display name.</summary>
    [JsonIgnore]
    public EntityTag EntityTag => new(Version, Revision);
}
