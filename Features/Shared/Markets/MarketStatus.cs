namespace MarketsApi.Features.Shared.Markets;

/// <summary>The states of a market, as the wire and the database spell them.</summary>
internal static class MarketStatus
{
    /// <summary>Seen only by its creator, moderators and admins.</summary>
    public const string Draft = "draft";

    /// <summary>Takes positions until it ends.</summary>
    public const string Active = "active";

    /// <summary>Takes no positions and waits for its outcome.</summary>
    public const string Closed = "closed";

    /// <summary>Has its outcome; final.</summary>
    public const string Resolved = "resolved";

    /// <summary>Will have no outcome; final.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Whether it is settled, so that its positions are paid.</summary>
    public static bool IsFinal(string status) => status is Resolved or Cancelled;

    /// <summary>All of them, in the order of a market's life.</summary>
    public static readonly IReadOnlyList<string> All = [Draft, Active, Closed, Resolved, Cancelled];

    /// <summary>Those in which a market can begin.</summary>
    public static readonly IReadOnlyList<string> Initial = [Draft, Active];
}
