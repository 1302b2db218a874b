namespace MarketsApi.Features.Shared.Positions;

internal static class PositionSql
{
    /// <summary>What one user has staked on each outcome of a market.</summary>
    public const string SelectOwnStakes = """
        SELECT coalesce(sum(stake) FILTER (WHERE outcome = 'yes'), 0) AS yes,
               coalesce(sum(stake) FILTER (WHERE outcome = 'no'), 0) AS no
        FROM positions
        WHERE market_id = @MarketId AND user_id = @UserId
        """;

    /// <summary>A row when others than the market's creator hold positions on it.</summary>
    public const string SelectOthersPosition = """
        SELECT id
        FROM positions
        WHERE market_id = @Id AND user_id <> @CreatorId
        LIMIT 1
        """;
}
