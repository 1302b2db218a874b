using System.Net;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>What the settings change about cached responses.</summary>
public sealed class CacheSettingsTests
{
    [Fact]
    public async Task Reads_that_need_a_token_are_private_and_rejected_without_one()
    {
        await using var api = await StartAsync(("Auth:RequireTokenForReads", "true"));
        var path = await api.MakeAsync();
        using var first = await api.ReadAsync(path, api.Bob);

        using var second = await api.ReadAsync(path, api.Bob);
        using var anonymousItem = await api.ReadAsync(path);
        using var list = await api.ReadAsync("/api/markets", api.Bob);
        using var again = await api.ReadAsync("/api/markets", api.Bob);
        using var anonymousList = await api.ReadAsync("/api/markets");

        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (second.StatusCode, second.CacheStatus()));
        Assert.Equal("private, no-cache", second.Header("Cache-Control"));
        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (again.StatusCode, again.CacheStatus()));
        Assert.DoesNotContain("public", again.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized),
            (anonymousItem.StatusCode, anonymousList.StatusCode)
        );
    }

    [Fact]
    public async Task Without_list_seconds_items_are_cached_and_lists_are_not()
    {
        await using var api = await StartAsync(("Caching:ListSeconds", "0"));
        await api.MakeCachedAsync();

        for (var read = 0; read < 2; read++)
        {
            using var list = await api.ReadAsync("/api/markets");
            Assert.Equal((HttpStatusCode.OK, CacheRequests.Bypass), (list.StatusCode, list.CacheStatus()));
        }
    }

    [Fact]
    public async Task Without_caching_everything_comes_from_the_database()
    {
        await using var api = await StartAsync(("Caching:Enabled", "false"));
        var path = await api.MakeAsync();

        for (var read = 0; read < 2; read++)
        {
            foreach (var each in (string[])[path, "/api/markets"])
            {
                using var response = await api.ReadAsync(each);
                Assert.Equal((HttpStatusCode.OK, CacheRequests.Bypass), (response.StatusCode, response.CacheStatus()));
                Assert.Equal("", response.Header("Age"));
            }
        }

        using var unchanged = await api.ReadAsync(path, null, ("If-None-Match", "\"1.0\""));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    /// <remarks>The address counts, whether or not a Redis responds there.</remarks>
    [Theory]
    [InlineData(5, "")]
    [InlineData(60, "127.0.0.1:1")]
    [InlineData(7, "127.0.0.1:1", "7")]
    public async Task Memory_keeps_markets_longer_where_a_Redis_tells_of_changes(
        int seconds,
        string redis,
        params string[] set
    )
    {
        await using var api = await StartAsync([
            ("ConnectionStrings:Redis", redis),
            .. set.Select(value => ("Caching:MemorySeconds", value)),
        ]);

        Assert.Equal(seconds, api.Host.Services.GetRequiredService<CacheSettings>().MemorySeconds);
    }

    private static async Task<SettingsFixture> StartAsync(params (string, string)[] settings)
    {
        var api = new SettingsFixture(settings.ToDictionary());
        await api.InitializeAsync();
        return api;
    }

    /// <summary>A program with settings of its own.</summary>
    private sealed class SettingsFixture(Dictionary<string, string> settings) : ApiFixture
    {
        protected override IReadOnlyDictionary<string, string> Settings => settings;
    }
}
