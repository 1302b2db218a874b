using System.Text.Json;
using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Putting many markets in, and reading lists.</summary>
internal static class Listing
{
    private const string Insert = """
        WITH rows AS (
            SELECT *
            FROM jsonb_to_recordset(@Rows::jsonb) AS r (id uuid, name text, category text, status text, outcome text,
                volume numeric, ends_at timestamptz, created_at timestamptz, creator_id uuid)
        ), creators AS (
            INSERT INTO users (id, display_name, created_at, updated_at)
            SELECT DISTINCT creator_id, 'creator ' || left(creator_id::text, 8), now(), now()
            FROM rows
            ON CONFLICT DO NOTHING
        )
        INSERT INTO markets (id, source, external_id, name, description, category, status, outcome, volume, imported_volume,
                             ends_at, created_at, updated_at, creator_id)
        SELECT id, CASE WHEN ends_at IS NULL THEN 'test' END, CASE WHEN ends_at IS NULL THEN id::text END,
               name, 'A description', category, status, outcome, volume, volume, ends_at, created_at, created_at, creator_id
        FROM rows
        """;

    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Each sort with each direction.</summary>
    public static readonly IReadOnlyList<(string Sort, string Order)> Orders =
    [
        .. from sort in (string[])["volume", "createdAt", "endsAt", "name"]
        from order in (string[])["asc", "desc"]
        select (sort, order),
    ];

    /// <summary>A category that no other test uses, since the tests of a class share a database.</summary>
    public static string NewCategory() => $"c-{Guid.NewGuid():N}";

    /// <summary>Puts these markets into the database, with their creators.</summary>
    public static async Task PutAsync(this ApiFixture api, params IReadOnlyCollection<MarketRow> rows) =>
        Assert.Equal(
            rows.Count,
            await api.Database.ExecuteAsync(Insert, new { Rows = JsonSerializer.Serialize(rows, SnakeCase) })
        );

    /// <summary>One call of the endpoint, with a query string that starts behind the question mark.</summary>
    public static Task<IScenarioResult> ListAsync(
        this ApiFixture api,
        string query = "",
        User? caller = null,
        int status = 200
    ) =>
        api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets" + (query.Length > 0 ? "?" + query : ""));
            if (caller is not null)
            {
                s.WithBearerToken(caller.Token);
            }

            s.StatusCodeShouldBe(status);
        });

    /// <summary>The items of one page.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ItemsAsync(
        this ApiFixture api,
        string query,
        User? caller = null
    ) => (await api.ListAsync(query, caller)).Items();

    /// <summary>The ids of one page.</summary>
    public static async Task<IReadOnlyList<Guid>> IdsAsync(this ApiFixture api, string query, User? caller = null) =>
        (await api.ListAsync(query, caller)).Ids();

    /// <summary>The items of a response.</summary>
    public static IReadOnlyList<JsonElement> Items(this IScenarioResult page) => [.. page.Data().EnumerateArray()];

    /// <summary>The ids of a response.</summary>
    public static IReadOnlyList<Guid> Ids(this IScenarioResult page) => [.. page.Items().Select(item => item.Id())];

    /// <summary>The cursor of a response's next page, or null.</summary>
    public static string? NextCursor(this IScenarioResult page) => page.Meta().Text("nextCursor");

    /// <summary>The ids of all pages, from the first to the end by cursor.</summary>
    public static async Task<IReadOnlyList<Guid>> WalkAsync(
        this ApiFixture api,
        string query,
        User? caller = null,
        Func<Task>? betweenPages = null
    )
    {
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await api.ListAsync(cursor is null ? query : $"{query}&cursor={cursor}", caller);
            var found = page.Ids();
            cursor = page.NextCursor();
            Assert.Equal(cursor is not null, page.Meta().GetProperty("hasMore").GetBoolean());
            Assert.True(cursor is null || found.Count > 0, "A page in the middle is empty.");
            // A cursor that leads back to what was there would make the walk endless.
            Assert.Empty(found.Intersect(ids));
            ids.AddRange(found);
            if (betweenPages is not null)
            {
                await betweenPages();
            }
        } while (cursor is not null);

        return ids;
    }
}
