using System.Text.Json;
using Alba;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Calls of the search, and markets made to be found.</summary>
internal static class Searching
{
    private const string Insert = """
        WITH maker AS (
            INSERT INTO users (id, display_name, created_at, updated_at)
            VALUES ('c0c0c0c0-0000-7000-8000-000000000002', 'Maker', now(), now())
            ON CONFLICT DO NOTHING
        )
        INSERT INTO markets (id, name, description, category, status, ends_at, created_at, updated_at, creator_id)
        SELECT gen_random_uuid(), name, description, @Category, 'active', now() + interval '1 year', now(), now(),
               'c0c0c0c0-0000-7000-8000-000000000002'
        FROM unnest(@Names::text[], @Descriptions::text[]) AS texts (name, description)
        """;

    /// <summary>One call; <paramref name="query"/> is what people type, <paramref name="rest"/> the rest of the query string.</summary>
    public static Task<IScenarioResult> SearchAsync(
        this ApiFixture api,
        string query,
        string rest = "",
        User? caller = null,
        int status = 200
    ) => api.CallAsync($"q={Uri.EscapeDataString(query)}{rest}", caller, status);

    /// <summary>One call with this query string.</summary>
    public static Task<IScenarioResult> CallAsync(
        this ApiFixture api,
        string queryString,
        User? caller = null,
        int status = 200
    ) =>
        api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets/search?" + queryString);
            if (caller is not null)
            {
                s.WithBearerToken(caller.Token);
            }

            s.StatusCodeShouldBe(status);
        });

    /// <summary>The names of what is found, best first.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(this ApiFixture api, string query, string rest = "") =>
        (await api.SearchAsync(query, rest)).Names();

    /// <summary>The names of a response's items.</summary>
    public static IReadOnlyList<string> Names(this IScenarioResult result) =>
        [.. result.Data().EnumerateArray().Select(item => item.Text("name")!)];

    /// <summary>Puts markets with these names and descriptions into the database, past the API.</summary>
    public static Task PutAsync(
        this ApiFixture api,
        string? category,
        params IReadOnlyList<(string Name, string Description)> texts
    ) =>
        api.Database.ExecuteAsync(
            Insert,
            new
            {
                Category = category,
                Names = texts.Select(text => text.Name).ToArray(),
                Descriptions = texts.Select(text => text.Description).ToArray(),
            }
        );

    /// <summary>Has misspellings and statistics follow what has been written, as a job does every few seconds.</summary>
    public static async Task RefreshAsync(this ApiFixture api)
    {
        await using var connection = await api.Database.ConnectAsync();
        await SearchRefresh.RunAsync(connection, TestContext.Current.CancellationToken);
    }

    /// <summary>Six letters that no other test has, and that no stemmer touches.</summary>
    public static string NewWord() =>
        string.Concat(
            Enumerable
                .Range(0, 9)
                .Select(i => (i % 2 == 0 ? "bdgkmprtvz" : "aou")[Random.Shared.Next(i % 2 == 0 ? 10 : 3)])
        ) + "k";

    /// <summary>A score of a response's item.</summary>
    public static double Score(this JsonElement item) => item.GetProperty("score").GetDouble();
}
