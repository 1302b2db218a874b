using System.Net;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>Lists that are served from memory until the next change of any market.</summary>
public sealed class CachedListTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_second_of_two_identical_requests_is_served_from_memory()
    {
        await api.MakeAsync();

        using var first = await api.ReadAsync("/api/markets?limit=5");
        using var second = await api.ReadAsync("/api/markets?limit=5");

        Assert.Equal((CacheRequests.Miss, ""), (first.CacheStatus(), first.Header("Age")));
        Assert.Equal((CacheRequests.InMemory, "0"), (second.CacheStatus(), second.Header("Age")));
        foreach (var name in (string[])["Cache-Control", "Link", "Content-Type", "Content-Length", "Vary"])
        {
            Assert.Equal(first.Header(name), second.Header(name));
        }

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_same_in_another_order_of_parameters_is_the_same_list()
    {
        await api.MakeAsync();
        using var first = await api.ReadAsync("/api/markets?limit=6&sort=name");

        using var second = await api.ReadAsync("/api/markets?sort=name&limit=6");

        Assert.Equal(CacheRequests.InMemory, second.CacheStatus());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/markets?limit=1")]
    [InlineData("/api/markets?limit=1&sort=name")]
    [InlineData("/api/markets?limit=1&sort=createdAt&order=asc")]
    public async Task A_cached_list_has_the_links_of_the_current_request(string path)
    {
        await api.MakeAsync();
        await api.MakeAsync();
        using var first = await api.ReadAsync(path);
        using var second = await api.ReadAsync(path);

        Assert.Equal(CacheRequests.InMemory, second.CacheStatus());
        Assert.NotEqual("", second.Header("Link"));
        Assert.Equal(first.Header("Link"), second.Header("Link"));
    }

    [Fact]
    public async Task A_shared_list_links_on_in_the_spelling_of_each_caller()
    {
        var category = $"c{Guid.NewGuid():N}"[..12];
        await api.MakeAsync(ApiFixture.NewMarket(category: category));
        await api.MakeAsync(ApiFixture.NewMarket(category: category));
        using var first = await api.ReadAsync($"/API/Markets/?limit=1&category={category}&count=false");

        for (var read = 0; read < 2; read++)
        {
            using var second = await api.ReadAsync($"/api/markets?category={category}&limit=1");

            Assert.Equal(CacheRequests.InMemory, second.CacheStatus());
            Assert.StartsWith(
                $"</api/markets?category={category}&limit=1&cursor=",
                second.Header("Link"),
                StringComparison.Ordinal
            );
        }

        Assert.StartsWith("</API/Markets/?limit=1&", first.Header("Link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_list_is_not_mistaken_for_it()
    {
        var category = $"c{Guid.NewGuid():N}"[..12];
        await api.MakeAsync(ApiFixture.NewMarket(category: category));
        using var all = await api.ReadAsync("/api/markets?limit=100");
        Assert.NotEqual(0, await CountAsync(all));

        using var mine = await api.ReadAsync($"/api/markets?limit=100&category={category}");
        using var none = await api.ReadAsync($"/api/markets?limit=100&category={category}x");

        Assert.Equal((1, 0), (await CountAsync(mine), await CountAsync(none)));
    }

    [Fact]
    public async Task Each_change_is_seen_in_the_next_list()
    {
        var category = $"c{Guid.NewGuid():N}"[..12];
        var list = $"/api/markets?category={category}";
        Assert.Empty(await NamesAsync());

        var path = await api.MakeAsync(ApiFixture.NewMarket("The first name", category: category));
        Assert.Equal(["The first name"], await NamesAsync());

        await api.PatchAsync(path, new { name = "The second name" });
        Assert.Equal(["The second name"], await NamesAsync());

        using var put = await api.AskAsync(
            HttpMethod.Put,
            path,
            api.Alice,
            ApiFixture.NewMarket("The third name", category: category)
        );
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(["The third name"], await NamesAsync());

        using var deletion = await api.AskAsync(HttpMethod.Delete, path, api.Moderator);
        Assert.Equal(HttpStatusCode.NoContent, deletion.StatusCode);
        Assert.Empty(await NamesAsync());

        // Each state is read twice, the second time from memory.
        async Task<string[]> NamesAsync()
        {
            using var first = await api.ReadAsync(list);
            Assert.Equal(CacheRequests.Miss, first.CacheStatus());
            using var second = await api.ReadAsync(list);
            Assert.Equal(CacheRequests.InMemory, second.CacheStatus());
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
            return [.. (await second.DataAsync()).EnumerateArray().Select(one => one.Text("name")!)];
        }
    }

    [Fact]
    public async Task A_list_is_used_for_as_long_as_the_settings_say()
    {
        await api.MakeAsync();
        using var first = await api.ReadAsync("/api/markets?limit=7");
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await api.ReadAsync("/api/markets?limit=7");
        Assert.Equal((CacheRequests.InMemory, "1"), (second.CacheStatus(), second.Header("Age")));

        api.Clock.Advance(TimeSpan.FromSeconds(1.1));

        using var third = await api.ReadAsync("/api/markets?limit=7");
        Assert.Equal(CacheRequests.Miss, third.CacheStatus());
    }

    [Fact]
    public async Task Drafts_are_listed_for_their_creator_and_never_cached()
    {
        await api.MakeAsync(ApiFixture.NewMarket("Is it mine?", status: "draft"));

        for (var read = 0; read < 2; read++)
        {
            using var mine = await api.ReadAsync("/api/markets?status=draft&limit=100", api.Alice);
            Assert.Equal((HttpStatusCode.OK, CacheRequests.Bypass), (mine.StatusCode, mine.CacheStatus()));
            Assert.NotEqual(0, await CountAsync(mine));
            Assert.DoesNotContain("public", mine.Header("Cache-Control"), StringComparison.Ordinal);
            using var others = await api.ReadAsync("/api/markets?status=draft&limit=100", api.Bob);
            Assert.Equal((HttpStatusCode.OK, CacheRequests.Bypass), (others.StatusCode, others.CacheStatus()));
            Assert.Equal(0, await CountAsync(others));
        }
    }

    [Fact]
    public async Task Concurrent_requests_share_a_query_and_its_response()
    {
        await api.MakeAsync();

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => api.ReadAsync("/api/markets?limit=9&sort=volume"))
        );

        Assert.Equal(50, responses.Length);
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Single(responses, response => response.CacheStatus() == CacheRequests.Miss);
        Assert.Single((await Task.WhenAll(responses.Select(one => one.Content.ReadAsStringAsync()))).Distinct());
    }

    [Fact]
    public async Task An_invalid_request_is_rejected_each_time()
    {
        for (var read = 0; read < 2; read++)
        {
            using var response = await api.ReadAsync("/api/markets?limit=0");
            Assert.Equal((HttpStatusCode.BadRequest, ""), (response.StatusCode, response.CacheStatus()));
        }
    }

    [Fact]
    public async Task HEAD_is_served_from_memory_without_a_body()
    {
        await api.MakeAsync();
        using var get = await api.ReadAsync("/api/markets?limit=8");

        using var head = await api.AskAsync(HttpMethod.Head, "/api/markets?limit=8");

        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (head.StatusCode, head.CacheStatus()));
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    private static async Task<int> CountAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("data").GetArrayLength();
    }
}
