namespace MarketsApi.Features.GetMarket;

internal static class GetMarketSql
{
    /// <summary>One market with its creator's name.</summary>
    public const string Select = """
        SELECT m.id, m.external_id, m.name, m.description, m.category, m.status, m.outcome, m.volume, m.yes_pool, m.no_pool,
               m.ends_at, m.created_at, m.updated_at, m.resolved_at, m.version, m.revision,
               m.creator_id, u.display_name AS creator_display_name
        FROM markets m
        JOIN users u ON u.id = m.creator_id
        WHERE m.id = @id
        """;
}
