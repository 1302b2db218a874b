namespace MarketsApi.Features.Shared.Markets;

/// <summary>Whose market it is, and what follows.</summary>
internal static class MarketAccess
{
    /// <summary>Whether the market exists for this caller: others' drafts don't, except for moderators and admins.</summary>
    public static bool CanSee(this Caller caller, MarketItem market) => caller.CanSee(market.Status, market.CreatorId);

    /// <summary>The same, by what it depends on.</summary>
    public static bool CanSee(this Caller caller, string status, Guid creatorId) =>
        status != MarketStatus.Draft || caller.CanChange(creatorId);

    /// <summary>Why the caller may not change a market that they see: it belongs to another user.</summary>
    public static ProblemResult? ProblemWithOwner(this Caller caller, MarketItem market) =>
        caller.CanChange(market.CreatorId)
            ? null
            : ProblemResult.Of(
                Problems.InsufficientPermissions,
                detail: "Only the market's creator, a moderator or an admin can change it."
            );

    private static bool CanChange(this Caller caller, Guid creatorId) =>
        caller.ActsForAll || caller.UserId == creatorId;
}
