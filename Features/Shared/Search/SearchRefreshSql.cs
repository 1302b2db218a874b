namespace MarketsApi.Features.Shared.Search;

internal static class SearchRefreshSql
{
    /// <summary>Whether markets are noted that the search has still to index.</summary>
    public const string HasNotes = "SELECT EXISTS (SELECT FROM search_unlearned)";

    /// <summary>Indexes a batch of them.</summary>
    public const string Learn = "SELECT search_learn()";

    /// <summary>Counts what ranking needs.</summary>
    public const string Refresh = "SELECT search_refresh(true)";
}
