using System.Text.Json;
using Alba;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>The requests that change markets, with any response.</summary>
internal static class MarketRequests
{
    public static Task<IScenarioResult> PostMarketAsync(this ApiFixture api, object body, User? user = null) =>
        api.Host.Scenario(s =>
        {
            s.WithBearerToken((user ?? api.Alice).Token);
            s.Post.Json(body).ToUrl("/api/markets");
            s.IgnoreStatusCode();
        });

    public static Task<IScenarioResult> PutMarketAsync(
        this ApiFixture api,
        Guid id,
        object body,
        User? user = null,
        string? ifMatch = null
    ) =>
        api.Host.Scenario(s =>
        {
            Prepare(s, user ?? api.Alice, ifMatch);
            s.Put.Json(body).ToUrl($"/api/markets/{id}");
        });

    public static Task<IScenarioResult> PatchMarketAsync(
        this ApiFixture api,
        Guid id,
        object body,
        User? user = null,
        string? ifMatch = null
    ) =>
        api.Host.Scenario(s =>
        {
            Prepare(s, user ?? api.Alice, ifMatch);
            s.Patch.Json(body).ToUrl($"/api/markets/{id}");
        });

    public static Task<IScenarioResult> DeleteMarketAsync(
        this ApiFixture api,
        Guid id,
        User? user = null,
        string? ifMatch = null
    ) =>
        api.Host.Scenario(s =>
        {
            Prepare(s, user ?? api.Moderator, ifMatch);
            s.Delete.Url($"/api/markets/{id}");
        });

    /// <summary>The market as a moderator reads it.</summary>
    public static async Task<JsonElement> ReadMarketAsync(this ApiFixture api, Guid id)
    {
        var result = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(api.Admin.Token);
            s.Get.Url($"/api/markets/{id}");
        });
        return result.Data();
    }

    private static void Prepare(Scenario scenario, User user, string? ifMatch)
    {
        scenario.WithBearerToken(user.Token);
        scenario.IgnoreStatusCode();
        if (ifMatch is not null)
        {
            scenario.WithRequestHeader("If-Match", ifMatch);
        }
    }

    /// <summary>The status of a response.</summary>
    public static int Status(this IScenarioResult result) => result.Context.Response.StatusCode;

    /// <summary>A market in any state, as an import could have left it; without <paramref name="endsAt"/> it is open-ended.</summary>
    public static async Task<Guid> InsertMarketAsync(
        this ApiFixture api,
        User? creator = null,
        string status = "active",
        string? outcome = null,
        DateTime? endsAt = null,
        long version = 1,
        long revision = 0
    )
    {
        var ids = await api.InsertMarketsAsync(1, creator, status, outcome, endsAt, version, revision);
        return ids[0];
    }

    /// <summary>Several such markets.</summary>
    public static Task<IReadOnlyList<Guid>> InsertMarketsAsync(
        this ApiFixture api,
        int count,
        User? creator = null,
        string status = "active",
        string? outcome = null,
        DateTime? endsAt = null,
        long version = 1,
        long revision = 0
    )
    {
        var user = creator ?? api.Alice;
        return api.Database.QueryAsync<Guid>(
            """
            WITH creator AS (
                INSERT INTO users (id, display_name, email, created_at, updated_at)
                VALUES (@CreatorId, @Name, @Email, now(), now())
                ON CONFLICT (id) DO NOTHING
            )
            INSERT INTO markets (
                id, source, external_id, name, description, status, outcome, ends_at, created_at, updated_at, creator_id,
                version, revision
            )
            SELECT
                id, 'test', 'test:' || id, 'An imported market', 'As it came', @status, @outcome, @endsAt, now(), now(), @CreatorId,
                @version, @revision
            FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, @count)) AS new
            RETURNING id
            """,
            new
            {
                count,
                status,
                outcome,
                endsAt,
                CreatorId = user.Id,
                user.Name,
                user.Email,
                version,
                revision,
            }
        );
    }

    /// <summary>A position on a market, beside the program, as its version before pools opened one.</summary>
    public static Task<int> InsertPositionAsync(this ApiFixture api, Guid marketId) =>
        api.Database.ExecuteAsync(
            """
            WITH market AS (
                UPDATE markets
                SET volume = volume + 10, revision = revision + 1
                WHERE id = @marketId
                RETURNING id
            )
            INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
            SELECT gen_random_uuid(), market.id, (SELECT id FROM users LIMIT 1), 'yes', 10, now()
            FROM market
            """,
            new { marketId }
        );
}
