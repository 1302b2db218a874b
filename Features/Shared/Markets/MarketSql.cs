namespace MarketsApi.Features.Shared.Markets;

/// <summary>What statements about markets have in common; the market's alias is <c>m</c>.</summary>
internal static class MarketSql
{
    /// <summary>The condition under which the market exists for the caller, with @UserId and @ActsForAll: <see cref="MarketAccess"/> says the same of one that was read.</summary>
    public const string IsVisible = "(m.status <> 'draft' OR m.creator_id = @UserId OR @ActsForAll)";
}
