namespace MarketsApi.Features.DeleteMarket;

/// <summary>What deciding on a delete needs to know.</summary>
internal sealed record DeleteMarketRow
{
    public long Version { get; init; }
}
