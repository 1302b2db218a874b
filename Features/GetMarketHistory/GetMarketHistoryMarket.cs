namespace MarketsApi.Features.GetMarketHistory;

/// <summary>The market, as far as it decides who sees its history.</summary>
internal sealed record GetMarketHistoryMarket
{
    public string Status { get; init; } = "";

    public Guid CreatorId { get; init; }
}
