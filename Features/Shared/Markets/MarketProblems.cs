namespace MarketsApi.Features.Shared.Markets;

/// <summary>The kinds of problem that are about markets.</summary>
internal static class MarketProblems
{
    /// <summary>No market has this id, or it is a draft that the caller may not see.</summary>
    public static readonly Problem NotFound = new(404, "market-not-found", "Market not found");

    /// <summary>The change is not possible in the market's present state.</summary>
    public static readonly Problem Conflict = new(409, "market-conflict", "The market's state doesn't allow this");

    /// <summary>A position on a market that takes none.</summary>
    public static readonly Problem TakesNoPosition = new(
        409,
        "market-takes-no-position",
        "The market takes no positions"
    );

    /// <summary>If-Match names another version than the present one, or If-None-Match of a write names the present one.</summary>
    public static readonly Problem Changed = new(412, "market-changed", "Market was changed by someone else");

    /// <summary>Why a request with these preconditions may not change a market of this version; null when it may.</summary>
    public static ProblemResult? ProblemWithVersion(this Preconditions preconditions, long version) =>
        !preconditions.AllowReading(version) ? ProblemResult.Of(Changed)
        : !preconditions.AllowChanging(version)
            ? ProblemResult.Of(Changed, detail: "If-None-Match excludes the version that the market is in.")
        : null;
}
