using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SimilarMarkets;

/// <summary>A market that is similar to another.</summary>
public sealed record SimilarMarketsItem : MarketItem
{
    /// <summary>The cosine of the two markets' embeddings: 1 for the same text. The cosine of unrelated markets depends on the model: about 0 for the spelling model, about 0.66 for the built-in semantic model.</summary>
    /// <example>0.874213</example>
    [JsonPropertyOrder(1)]
    public double Score { get; init; }
}
