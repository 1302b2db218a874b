namespace MarketsApi.Features.WatchMarket;

internal static class WatchMarketJobSql
{
    /// <summary>Yours to say: what it does, again and again.</summary>
    public const string Work = "SELECT 1";
}
