namespace MarketsApi.Features.DeleteMarket;

/// <summary>What deciding on a delete needs to know.</summary>
internal sealed record DeleteMarketRow
{
    public string Status { get; init; } = "";

    public Guid CreatorId { get; init; }

    public long Version { get; init; }
}
