namespace MarketsApi.Features.SearchMarkets;

/// <summary>What was searched.</summary>
internal static class SearchMarketsMode
{
    /// <summary>Words and vectors.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>Words only.</summary>
    public const string Lexical = "lexical";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Hybrid, Lexical];
}
