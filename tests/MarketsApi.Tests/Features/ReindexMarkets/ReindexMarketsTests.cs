using System.Diagnostics;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.ReindexMarkets;

/// <summary>A program changes from local vectors to a failing provider's. One test, since each step needs the database of the one before.</summary>
public sealed class ReindexMarketsTests(ProviderFixture api) : IClassFixture<ProviderFixture>
{
    private const string Name = "Will the Rhine freeze at Cologne before March 2027?";
    private const string Imported = "An imported market\nAs it came";

    [Fact]
    public async Task Searches_by_the_former_model_until_the_new_one_has_all_markets_and_tolerates_a_provider_s_errors()
    {
        // The provider is gone: what was indexed by the former model is searched by that one, and new markets are waited for.
        Assert.StartsWith(
            "Created vectors of 2 markets with local projection-1 in ",
            api.Local!.Output,
            StringComparison.Ordinal
        );
        var found = await SearchAsync(Imported);
        Assert.Equal([1, 1], found!.Select(hit => Math.Round(hit.Score, 1)));
        var first = await api.CreateAsync(Name);
        Assert.Equal(found!.Select(hit => hit.MarketId), (await api.ListSimilarAsync(first)).Select(hit => hit.Id));
        // It is put back without an attempt being counted; now and then it is running again.
        await UntilAsync(async () =>
            (await JobsAsync()).Any(job =>
                job is { State: "queued", Attempts: 0, LastError: { } error }
                && error.StartsWith("The embedding provider ", StringComparison.Ordinal)
            )
        );

        // It comes back, unwell at first.
        api.Provider.Failure = count => count <= 2 ? Results.StatusCode(500) : null;
        await api.Provider.StartAsync();
        await UntilAsync(async () =>
        {
            api.Clock.Advance(TimeSpan.FromSeconds(5));
            return await ModelsAsync() == "model-of-the-tests, projection-1"
                && (await JobsAsync()).All(job => job.State == "done");
        });
        Assert.Equal(2 + 3, await CountVectorsAsync());
        await UntilAsync(async () => (await SearchAsync(Name))?[0].MarketId == first);
        Assert.Equal([Name], api.Provider.Requests[^1]);

        // Meaning is weighed in, the provider's vector beside the words.
        var hybrid = await api.SearchAsync("Rhine at Cologne");
        Assert.Equal("hybrid", hybrid.Meta().Text("mode"));
        Assert.Equal(Name, hybrid.Names()[0]);

        // Words go on when it is slow: after a short time at first, then at once.
        api.Provider.Delay = TimeSpan.FromSeconds(20);
        var start = Stopwatch.GetTimestamp();
        for (var times = 0; times < 8; times++)
        {
            Assert.Null(await SearchAsync(Name));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.3, 2.2);
        var lexical = await api.SearchAsync("Cologne Rhine");
        Assert.Equal("lexical", lexical.Meta().Text("mode"));
        Assert.Equal([Name], lexical.Names());

        // A market with a vector finds similar ones without the provider; one without a vector returns 503 with Retry-After.
        Assert.Equal(2, (await api.ListSimilarAsync(first)).Count);
        var second = await api.CreateAsync(Name + " At Bonn?");
        var rejected = await api.SendAsync("GET", $"/api/markets/{second}/similar", "");
        rejected.ShouldBeProblem(503, "The embedding provider doesn't respond; try again later");
        Assert.NotEmpty(rejected.Header("Retry-After"));
        api.Provider.Delay = TimeSpan.Zero;

        // The former model's vectors are deleted once no instance can be using them.
        await UntilAsync(async () =>
        {
            api.Clock.Advance(TimeSpan.FromMinutes(20));
            return await ModelsAsync() == "model-of-the-tests";
        });
        await UntilAsync(async () => await CountVectorsAsync() == 4);
    }

    private async Task<IReadOnlyList<VectorHit>?> SearchAsync(string text)
    {
        var vectors = api.Host.Services.GetRequiredService<VectorSearch>();
        return await vectors.FindServingAsync(CancellationToken.None) is { } model
            ? await vectors.FindAsync(
                api.Host.Services.GetRequiredService<DatabaseReader>(),
                model,
                text,
                10,
                null,
                null,
                CancellationToken.None
            )
            : null;
    }

    private Task<IReadOnlyList<(string State, int Attempts, string? LastError)>> JobsAsync() =>
        api.Database.QueryAsync<(string, int, string?)>(
            "SELECT state, attempts, last_error FROM jobs WHERE kind = 'index-market'"
        );

    /// <summary>The models that have all markets.</summary>
    private async Task<string> ModelsAsync() =>
        string.Join(
            ", ",
            await api.Database.QueryAsync<string>(
                "SELECT name FROM embedding_models WHERE completed_at IS NOT NULL ORDER BY name"
            )
        );

    private async Task<long> CountVectorsAsync() =>
        (await api.Database.QueryAsync<long>("SELECT count(*) FROM market_signs"))[0];

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "it didn't come to pass");
            await Task.Delay(50);
        }
    }
}
