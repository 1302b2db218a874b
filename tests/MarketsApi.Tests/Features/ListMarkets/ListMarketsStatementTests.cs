using System.Collections.Concurrent;
using System.Diagnostics;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsStatementTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("&count=true")]
    [InlineData("&offset=20")]
    [InlineData("&offset=20&count=true&sort=name")]
    [InlineData("&status=draft")]
    [InlineData("&minVolume=0&sort=volume")]
    public async Task Runs_one_statement_however_many_creators_the_page_has(string query)
    {
        var category = Listing.NewCategory();
        await api.PutAsync([
            .. Enumerable
                .Range(0, 60)
                .Select(i => new MarketRow
                {
                    Category = category,
                    Status = i < 50 ? "active" : "draft",
                    CreatorId = Guid.NewGuid(),
                }),
        ]);
        var database = new NpgsqlConnectionStringBuilder(api.Database.ConnectionString).Database;
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // Other tests of this process have databases of their own.
                var tags = activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
                if (tags.ContainsValue(database) && tags.GetValueOrDefault("db.query.text") is { } text)
                {
                    statements.Enqueue(text);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        var items = await api.ItemsAsync($"category={category}&limit=50{query}", api.Admin);

        Assert.NotEmpty(items);
        Assert.Equal(items.Count, items.Select(item => item.GetProperty("creator").Id()).Distinct().Count());
        var statement = Assert.Single(statements);
        Assert.Contains("FROM markets", statement, StringComparison.Ordinal);
        Assert.DoesNotContain(';', statement);
    }
}
