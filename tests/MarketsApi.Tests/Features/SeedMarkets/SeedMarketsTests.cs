using MarketsApi.Features.SeedMarkets;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Validation;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SeedMarkets;

public sealed class SeedMarketsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Adds_what_is_missing_and_nothing_else()
    {
        var first = await SeedAsync("--count", "300");
        await _database.ExecuteAsync("UPDATE markets SET name = 'Edited', version = version + 1");
        var again = await SeedAsync("--count", "300");
        var more = await SeedAsync("--count", "500");

        Assert.Matches(@"^Seeded 300 markets, 320 users, \d{3} positions in \d+\.\d s\.\n$", first.Output);
        Assert.StartsWith("Seeded 0 markets, 0 users, 0 positions in ", again.Output, StringComparison.Ordinal);
        Assert.StartsWith("Seeded 200 markets, 0 users, ", more.Output, StringComparison.Ordinal);
        Assert.Equal(
            [500, 300, 320],
            await _database.QueryAsync<long>(
                """
                SELECT count(*) FROM markets
                UNION ALL SELECT count(*) FROM markets WHERE name = 'Edited'
                UNION ALL SELECT count(*) FROM users
                """
            )
        );
    }

    [Fact]
    public async Task Makes_the_same_rows_in_any_database()
    {
        await using var other = await TestDatabase.CreateAsync();
        await SeedAsync("--count", "200");
        await Verb.RunAsync(other.ConnectionString, "seed", "--count=150");
        await Verb.RunAsync(other.ConnectionString, "seed", "--count=200");

        const string digest = """
            SELECT md5(string_agg(markets::text, ';' ORDER BY id)) FROM markets
            UNION ALL SELECT md5(string_agg(positions::text, ';' ORDER BY id)) FROM positions
            UNION ALL SELECT md5(string_agg(users::text, ';' ORDER BY id)) FROM users
            """;
        Assert.Equal(await _database.QueryAsync<string>(digest), await other.QueryAsync<string>(digest));
    }

    [Fact]
    public async Task Gives_each_market_the_volume_of_its_positions()
    {
        await SeedAsync();

        Assert.Equal(
            [3000, 0, 0, 0],
            await _database.QueryAsync<long>(
                """
                SELECT count(*) FROM markets
                UNION ALL
                SELECT count(*)
                FROM markets
                LEFT JOIN (SELECT market_id, sum(stake) AS stakes, count(*) AS number FROM positions GROUP BY 1) AS staked
                    ON staked.market_id = markets.id
                WHERE volume <> coalesce(stakes, 0) OR revision <> coalesce(number, 0)
                UNION ALL
                SELECT count(*)
                FROM positions
                JOIN markets ON markets.id = market_id
                WHERE positions.created_at NOT BETWEEN markets.created_at AND least(ends_at, '2026-11-22Z')
                UNION ALL
                SELECT count(*) FROM markets JOIN users ON users.id = creator_id WHERE users.created_at > markets.created_at
                """
            )
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2000001")]
    [InlineData("-5")]
    [InlineData("many")]
    public async Task Rejects_an_impossible_count(string count) =>
        Assert.Equal(2, (await SeedAsync("--count", count)).ExitCode);

    [Fact]
    public void Writes_texts_that_the_API_would_take()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < 20_000; number++)
        {
            var shape = SeedMarketsShape.Of(number);
            var text = SeedMarketsText.Of(shape);
            names.Add(text.Name);
            Assert.DoesNotContain('{', text.Name + text.Description);
            Assert.InRange(PlainText.Length(text.Name), MarketFieldRules.MinName, MarketFieldRules.MaxName);
            Assert.True(PlainText.IsAllowed(text.Name, overLines: false));
            Assert.InRange(text.Description.Length, 1, MarketFieldRules.MaxDescription);
            Assert.Matches(MarketFieldRules.CategoryPattern, text.Category ?? "none");
            Assert.True(shape.CreatedAt < shape.EndsAt);
            Assert.True(shape.Status != MarketStatus.Active || shape.EndsAt.Year is >= 2027 and <= 2030);
        }

        Assert.InRange(names.Count, 19_000, 20_000);
    }

    [Fact]
    public void Has_states_in_believable_shares()
    {
        var shares = Enumerable
            .Range(0, 20_000)
            .CountBy(number => SeedMarketsShape.Of(number).Status)
            .ToDictionary(pair => pair.Key, pair => pair.Value / 200.0);

        Assert.InRange(shares[MarketStatus.Active], 60, 70);
        Assert.InRange(shares[MarketStatus.Resolved], 14, 20);
        Assert.InRange(shares[MarketStatus.Closed], 8, 12);
        Assert.InRange(shares[MarketStatus.Cancelled], 3, 5);
        Assert.InRange(shares[MarketStatus.Draft], 2, 4);
    }

    [Fact]
    public void Makes_ids_in_the_form_and_order_of_version_7()
    {
        var shapes = Enumerable.Range(0, 20_000).Select(SeedMarketsShape.Of).ToList();

        Assert.Equal(shapes.Count, shapes.Select(shape => shape.Id).Distinct().Count());
        Assert.All(shapes, shape => Assert.Equal((7, true), (shape.Id.Version, shape.Id.Variant is >= 8 and <= 11)));
        Assert.Equal(
            shapes.OrderBy(shape => shape.CreatedAt).Select(shape => shape.CreatedAt),
            shapes.OrderBy(shape => shape.Id.ToString(), StringComparer.Ordinal).Select(shape => shape.CreatedAt)
        );
    }

    private Task<Verb> SeedAsync(params string[] arguments) =>
        Verb.RunAsync(_database.ConnectionString, ["seed", .. arguments]);
}
