namespace MarketsApi.Features.RefreshSearch;

internal static class RefreshSearchSql
{
    /// <summary>Learns new words; counts again when a fiftieth of the markets has changed.</summary>
    public const string Refresh = "SELECT search_refresh(false)";
}
