using Dapper;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>The migration removes what drafts left in the search, even under concurrent writes.</summary>
public sealed class SearchDraftUpgradeTests
{
    private const string WithoutDrafts = "20261129_21_search_without_drafts.sql";

    private const string NewUser = """
        INSERT INTO users (id, display_name, created_at, updated_at)
        VALUES ('c0000000-0000-7000-8000-000000000000', 'Creator', now(), now())
        """;

    private const string NewMarket = """
        INSERT INTO markets (id, name, description, status, ends_at, created_at, updated_at, creator_id)
        VALUES (@Id, @Name, @Description, @Status, timestamptz '2035-01-01Z', now(), now(),
                'c0000000-0000-7000-8000-000000000000')
        """;

    private const string Publish = "UPDATE markets SET status = 'active', updated_at = now() WHERE id = @Id";

    /// <summary>Public markets that aren't indexed as they are, and what is indexed but isn't public.</summary>
    private const string SelectWrong = """
        SELECT concat_ws(' ', m.id, m.name, m.status, s.market_id)
        FROM markets m
        FULL JOIN search_markets s ON s.market_id = m.id
        WHERE (m.status <> 'draft') IS DISTINCT FROM (s.market_id IS NOT NULL)
            OR s.name_stems <> strip(to_tsvector('search_names', search_text(m.name)))
        """;

    [Fact]
    public async Task The_migration_removes_what_drafts_left_and_nothing_else()
    {
        await using var database = await FormerDatabase.CreateAsync(before: WithoutDrafts);
        await database.ExecuteAsync(NewUser);
        var draft = await CreateAsync(database, "Will zorblak resemble mergings?", "draft", "About quiblat.");
        var edited = await CreateAsync(database, "Will publishings flow?", "draft");
        await CreateAsync(database, "Will merged houses publish zebras?", "active", "About rivers.");
        await database.ExecuteAsync(
            """
            SELECT search_refresh(true);
            UPDATE markets SET name = 'Will it flow?' WHERE id = @edited;
            INSERT INTO embedding_models (provider, name, created_at) VALUES ('test', 'test', now());
            INSERT INTO market_vectors (market_id, model_id, text_hash, vector)
            SELECT id, (SELECT id FROM embedding_models), 0, '' FROM markets WHERE id <> @edited
            """,
            new { edited }
        );
        string[] before = ["flow", "merged", "mergings", "publishings", "resemble", "zebras", "zorblak"];
        Assert.Superset(before.ToHashSet(), (await WordsAsync(database)).ToHashSet());

        Assert.Contains(WithoutDrafts, await database.MigrateAsync(TestContext.Current.CancellationToken));
        await database.ExecuteAsync("SELECT search_refresh(false)");

        Assert.Equal(["houses", "merged", "publish", "will", "zebras"], await WordsAsync(database));
        Assert.Equal(
            ["hous", "merg", "publish", "river", "will", "zebra"],
            await database.QueryAsync<string>("SELECT stem FROM search_stems ORDER BY stem")
        );
        Assert.Equal([1], await database.QueryAsync<int>("SELECT markets::int FROM search_statistics"));
        Assert.Empty(await database.QueryAsync<string>(SelectWrong));
        Assert.DoesNotContain(draft, await database.QueryAsync<Guid>("SELECT market_id FROM market_vectors"));
        Assert.Single(await database.QueryAsync<Guid>("SELECT market_id FROM market_vectors"));
    }

    [Fact]
    public async Task What_is_made_edited_and_published_while_it_runs_is_indexed_as_it_is()
    {
        await using var database = await FormerDatabase.CreateAsync(before: WithoutDrafts);
        await database.ExecuteAsync(NewUser);
        for (var n = 0; n < 200; n++)
        {
            await CreateAsync(database, $"Will draft{n}x stay?", "draft");
        }

        await database.ExecuteAsync("SELECT search_refresh(true)");
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(KeepWritingAsync).ToList();
        var refreshes = KeepRefreshingAsync();
        await UntilAsync(database, "SELECT count(*) >= 250 FROM markets");

        await database.MigrateAsync(TestContext.Current.CancellationToken);

        var count = Assert.Single(await database.QueryAsync<long>("SELECT count(*) FROM markets"));
        await UntilAsync(database, $"SELECT count(*) >= {count + 50} FROM markets");
        await end.CancelAsync();
        Assert.All(await Task.WhenAll(writers), number => Assert.InRange(number, 5, int.MaxValue));
        await refreshes;
        await database.ExecuteAsync("SELECT search_refresh(true)");

        Assert.Empty(await database.QueryAsync<string>(SelectWrong));
        Assert.Equal(
            await database.QueryAsync<string>(
                """
                SELECT DISTINCT word COLLATE "C" AS word
                FROM markets, unnest(tsvector_to_array(to_tsvector('simple', search_text(name)))) AS each (word)
                WHERE status <> 'draft'
                ORDER BY word
                """
            ),
            await WordsAsync(database)
        );

        // Creates and edits markets and publishes every other one, each with a unique word; so for the old drafts.
        async Task<int> KeepWritingAsync(int lane)
        {
            await using var connection = await database.ConnectAsync();
            var number = 0;
            for (; !end.IsCancellationRequested; number++)
            {
                var id = Guid.NewGuid();
                await connection.ExecuteAsync(NewMarket, Market(id, $"Will new{lane}x{number}a run?", "draft"));
                await connection.ExecuteAsync(
                    "UPDATE markets SET name = @Name WHERE id = @Id",
                    new { Id = id, Name = $"Will new{lane}x{number}b run?" }
                );
                if (number % 2 == 0)
                {
                    await connection.ExecuteAsync(Publish, new { Id = id });
                    await connection.ExecuteAsync(
                        "UPDATE markets SET status = 'active', updated_at = now() WHERE name = @Name",
                        new { Name = $"Will draft{(number * 3) + lane}x stay?" }
                    );
                }
            }

            return number;
        }

        async Task KeepRefreshingAsync()
        {
            await using var connection = await database.ConnectAsync();
            while (!end.IsCancellationRequested)
            {
                await connection.ExecuteAsync("SELECT search_refresh(false)");
            }
        }
    }

    private static async Task<Guid> CreateAsync(
        TestDatabase database,
        string name,
        string status,
        string description = ""
    )
    {
        var id = Guid.NewGuid();
        await database.ExecuteAsync(NewMarket, Market(id, name, status, description));
        return id;
    }

    private static object Market(Guid id, string name, string status, string description = "") =>
        new
        {
            Id = id,
            Name = name,
            Description = description,
            Status = status,
        };

    private static Task<IReadOnlyList<string>> WordsAsync(TestDatabase database) =>
        database.QueryAsync<string>("SELECT word FROM search_words ORDER BY word");

    private static async Task UntilAsync(TestDatabase database, string sql)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if ((await database.QueryAsync<bool>(sql)).Single())
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Never became true: {sql}");
    }
}
