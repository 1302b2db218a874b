using System.Text.Json.Serialization;
using MarketsApi.Features.Shared.Positions;

namespace MarketsApi.Features.ListPositions;

/// <summary>A row of the list's statement; of a market without positions, one without a position.</summary>
internal sealed record ListPositionsRow : Position
{
    /// <summary>The market's status.</summary>
    [JsonIgnore]
    public string MarketStatus { get; init; } = "";

    /// <summary>The market's creator.</summary>
    [JsonIgnore]
    public Guid MarketCreatorId { get; init; }
}
