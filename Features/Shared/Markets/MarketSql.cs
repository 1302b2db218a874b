namespace MarketsApi.Features.Shared.Markets;

/// <summary>What statements about markets have in common; the market's alias is <c>m</c>.</summary>
internal static class MarketSql
{
    /// <summary>What a list shows of a market.</summary>
    public const string ItemColumns = """
        m.id, m.external_id, m.name, m.category, m.status, m.outcome, m.volume, m.yes_pool, m.no_pool,
               m.ends_at, m.created_at, m.updated_at, m.resolved_at, m.version, m.creator_id
        """;

    /// <summary>A market with all its properties.</summary>
    public const string Columns = $"{ItemColumns}, m.description, m.revision";

    /// <summary>The condition under which the market exists for the caller, with @UserId and @ActsForAll: <see cref="MarketAccess"/> says the same of one that was read.</summary>
    public const string IsVisible = "(m.status <> 'draft' OR m.creator_id = @UserId OR @ActsForAll)";
}
