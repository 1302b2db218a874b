namespace MarketsApi.Features.GetMarketHistory;

/// <summary>What can happen to a market, as the wire and the database spell it.</summary>
internal static class GetMarketHistoryAction
{
    /// <summary>It was made.</summary>
    public const string Created = "created";

    /// <summary>Some of its fields were changed, in one step.</summary>
    public const string Changed = "changed";

    /// <summary>It was taken away.</summary>
    public const string Deleted = "deleted";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Created, Changed, Deleted];
}
