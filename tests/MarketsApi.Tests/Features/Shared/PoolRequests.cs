using System.Globalization;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Stakes on a market and what is paid on them.</summary>
internal static class PoolRequests
{
    /// <summary>Inserts stakes one after the other, without the program and for any status of the market.</summary>
    public static async Task StakeAsync(this ApiFixture api, Guid id, string outcome, params string[] stakes)
    {
        foreach (var stake in stakes)
        {
            await api.Database.ExecuteAsync(
                """
                WITH market AS (
                    UPDATE markets
                    SET volume = volume + @stake, revision = revision + 1
                    WHERE id = @id
                    RETURNING id, creator_id, revision
                )
                INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
                SELECT gen_random_uuid(), id, creator_id, @outcome, @stake, timestamptz '2026-01-01Z' + revision * interval '1 s'
                FROM market
                """,
                new
                {
                    id,
                    outcome,
                    stake = decimal.Parse(stake, CultureInfo.InvariantCulture),
                }
            );
        }
    }

    /// <summary>The payouts as the API lists them, newest position first; "null" for none yet.</summary>
    public static async Task<IReadOnlyList<string>> PayoutsAsync(this ApiFixture api, Guid id)
    {
        var response = await api.SendAsync("GET", $"/api/markets/{id}/positions?limit=100", "");
        return [.. response.Data(200).EnumerateArray().Select(item => item.GetProperty("payout").GetRawText())];
    }
}
