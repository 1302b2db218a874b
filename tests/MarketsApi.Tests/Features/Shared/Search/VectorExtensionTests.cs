using System.Diagnostics.Metrics;
using Dapper;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.Shared.Search;

/// <summary>What needs a server with pgvector, such as pglite-server of npm's @electric-sql/pglite-socket with its extension vector.</summary>
public sealed class VectorExtensionTests
{
    private const int Count = 3000;

    [Fact]
    public async Task Where_pgvector_is_installed_neighbours_are_found_by_its_index()
    {
        var address = Environment.GetEnvironmentVariable("TEST_PGVECTOR");
        Assert.SkipWhen(
            address is null,
            "No PostgreSQL with pgvector is at hand: name a database of it that may be overwritten in TEST_PGVECTOR (Npgsql's form)."
        );
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        await using var source = NpgsqlDataSource.Create(address!);
        var vectors = Enumerable.Range(0, Count).Select(i => LocalEmbedder.Embed(Text(i))).ToArray();
        await FillAsync(source, vectors);
        var settings = new DatabaseSettings();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var limiter = new ConnectionLimiter(
            source,
            settings,
            TimeProvider.System,
            NullLogger<ConnectionLimiter>.Instance
        );
        var reader = new DatabaseReader(
            new Database(
                source,
                limiter,
                new WriteBatcher(settings, TimeProvider.System, services.GetRequiredService<IMeterFactory>()),
                settings,
                ConnectionUse.OfProgram
            ),
            replica: null,
            settings
        );
        var extension = new VectorExtension(source, NullLogger<VectorExtension>.Instance);
        using var index = new VectorIndex(reader, extension, TimeProvider.System);
        var compared = await FindAsync(index, reader, vectors[7]);

        await extension.PrepareAsync(TestContext.Current.CancellationToken);

        Assert.True(extension.IsUsed);
        var found = await FindAsync(index, reader, vectors[7]);
        Assert.Equal(Id(7), found[0].MarketId);
        Assert.True(found.Intersect(compared).Count() >= 19, "the index misses too much");

        await extension.PrepareAsync(TestContext.Current.CancellationToken);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("SET enable_seqscan = off");
        var plan = await connection.QueryAsync<string>(
            "EXPLAIN SELECT market_id FROM market_signs WHERE model_id = 1 ORDER BY bits <~> (SELECT bits FROM market_signs LIMIT 1) LIMIT 200"
        );
        Assert.Contains(plan, line => line.Contains("Index Scan using market_signs_by_bits", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<VectorHit>> FindAsync(
        VectorIndex index,
        DatabaseReader reader,
        float[] vector
    ) =>
        [
            .. (
                await index.FindAsync(
                    reader,
                    new VectorModel { Id = 1 },
                    vector,
                    200,
                    null,
                    null,
                    null,
                    TestContext.Current.CancellationToken
                )
            ).Take(20),
        ];

    private static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);

    private static string Text(int number) => $"Will {number % 61} of {number % 89} things happen in {number % 97}?";

    private static async Task FillAsync(NpgsqlDataSource source, float[][] vectors)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS vector");
        await connection.ExecuteAsync("DROP TABLE IF EXISTS market_signs, market_vectors CASCADE");
        await connection.ExecuteAsync(
            "CREATE TABLE market_vectors (market_id uuid, model_id smallint, vector bytea, PRIMARY KEY (market_id, model_id))"
        );
        await connection.ExecuteAsync(
            "CREATE TABLE market_signs (market_id uuid, model_id smallint, bits bit(1024), changed xid8 NOT NULL DEFAULT pg_current_xact_id(), PRIMARY KEY (market_id, model_id))"
        );
        foreach (var numbers in Enumerable.Range(0, Count).Chunk(500))
        {
            var rows = new
            {
                Ids = numbers.Select(Id).ToArray(),
                Bits = numbers.Select(i => VectorCode.SignsOf(vectors[i])).ToArray(),
                Vectors = numbers.Select(i => VectorCode.BytesOf(vectors[i])).ToArray(),
            };
            await connection.ExecuteAsync("INSERT INTO market_signs SELECT unnest(@Ids), 1, unnest(@Bits)", rows);
            await connection.ExecuteAsync("INSERT INTO market_vectors SELECT unnest(@Ids), 1, unnest(@Vectors)", rows);
        }

        await connection.ExecuteAsync("ANALYZE market_signs, market_vectors");
    }
}
