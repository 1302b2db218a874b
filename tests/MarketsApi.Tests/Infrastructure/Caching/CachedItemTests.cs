using System.IO.Compression;
using System.Net;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>Single markets that are served from memory: their headers, and that they are never outdated.</summary>
public sealed class CachedItemTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_first_read_says_that_it_missed_and_a_second_that_it_hit()
    {
        var path = $"/api/markets/{await SeedAsync()}";

        using var first = await api.ReadAsync(path);
        using var second = await api.ReadAsync(path);

        Assert.Equal((CacheRequests.Miss, ""), (first.CacheStatus(), first.Header("Age")));
        Assert.Equal((CacheRequests.InMemory, "0"), (second.CacheStatus(), second.Header("Age")));
        foreach (var name in (string[])["Cache-Control", "ETag", "Content-Type", "Content-Length", "Vary"])
        {
            Assert.Equal(first.Header(name), second.Header(name));
        }

        Assert.Equal("public, no-cache", second.Header("Cache-Control"));
        Assert.Equal("\"1.0\"", second.Header("ETag"));
        Assert.Equal("application/json; charset=utf-8", second.Header("Content-Type"));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_age_counts_seconds_since_the_database_said_so()
    {
        var path = await api.MakeCachedAsync();

        api.Clock.Advance(TimeSpan.FromSeconds(3));

        using var response = await api.ReadAsync(path);
        Assert.Equal(CacheRequests.InMemory, response.CacheStatus());
        Assert.InRange(int.Parse(response.Header("Age"), null), 3, 4);
    }

    [Theory]
    [InlineData("\"1.0\"", 304)]
    [InlineData("W/\"1.0\"", 304)]
    [InlineData("\"9.9\", \"1.0\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"1.1\"", 200)]
    [InlineData("nonsense", 200)]
    public async Task Memory_returns_304_to_a_caller_that_has_the_current_version(string tag, int status)
    {
        var path = await api.MakeCachedAsync();

        using var response = await api.ReadAsync(path, null, ("If-None-Match", tag));

        Assert.Equal((status, CacheRequests.InMemory), ((int)response.StatusCode, response.CacheStatus()));
        Assert.Equal(("\"1.0\"", "public, no-cache"), (response.Header("ETag"), response.Header("Cache-Control")));
        Assert.Equal(status == 304, (await response.Content.ReadAsByteArrayAsync()).Length == 0);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task A_change_is_seen_by_the_next_read(string method)
    {
        var path = await api.MakeCachedAsync();
        for (var version = 2; version < 7; version++)
        {
            var name = $"Is it version {version}? {Guid.NewGuid():N}";
            using var change = await api.AskAsync(
                new HttpMethod(method),
                path,
                api.Alice,
                method == "PUT" ? ApiFixture.NewMarket(name) : new { name }
            );
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);

            using var stale = await api.ReadAsync(path, null, ("If-None-Match", $"\"{version - 1}.0\""));
            using var read = await api.ReadAsync(path);

            Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
            Assert.Equal($"\"{version}.0\"", read.Header("ETag"));
            Assert.Equal(name, (await read.DataAsync()).Text("name"));
        }
    }

    [Fact]
    public async Task A_deletion_is_seen_by_the_next_read_and_stays_seen()
    {
        var path = await api.MakeCachedAsync();

        using var deletion = await api.AskAsync(HttpMethod.Delete, path, api.Moderator);

        Assert.Equal(HttpStatusCode.NoContent, deletion.StatusCode);
        for (var read = 0; read < 3; read++)
        {
            using var response = await api.ReadAsync(path, null, ("If-None-Match", "\"1.0\""));
            Assert.Equal((HttpStatusCode.NotFound, ""), (response.StatusCode, response.Header("ETag")));
            Assert.DoesNotContain("public", response.Header("Cache-Control"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_id_is_cached()
    {
        var id = Guid.CreateVersion7();
        using var first = await api.ReadAsync($"/api/markets/{id}");
        Assert.Equal(HttpStatusCode.NotFound, first.StatusCode);

        // Behind the back of the program, so that only the database knows.
        await SeedAsync(id);

        using var second = await api.ReadAsync($"/api/markets/{id}");
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
    }

    [Fact]
    public async Task A_cached_404_ends_when_the_market_is_created()
    {
        for (var round = 0; round < 10; round++)
        {
            var path = await api.MakeAsync();
            using var response = await api.ReadAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_draft_is_private_and_never_cached()
    {
        var path = await api.MakeAsync(ApiFixture.NewMarket(status: "draft"));

        for (var read = 0; read < 3; read++)
        {
            foreach (var user in (User[])[api.Alice, api.Moderator])
            {
                using var mine = await api.ReadAsync(path, user);
                Assert.Equal((HttpStatusCode.OK, "private, no-cache"), (mine.StatusCode, mine.Header("Cache-Control")));
                Assert.DoesNotContain("hit", mine.CacheStatus(), StringComparison.Ordinal);
            }

            using var others = await api.ReadAsync(path, api.Bob);
            using var anonymousItem = await api.ReadAsync(path);
            Assert.Equal(
                (HttpStatusCode.NotFound, HttpStatusCode.NotFound),
                (others.StatusCode, anonymousItem.StatusCode)
            );
        }
    }

    [Fact]
    public async Task A_draft_that_many_ask_for_at_once_is_shown_only_to_its_creator()
    {
        for (var round = 0; round < 10; round++)
        {
            var path = await api.MakeAsync(ApiFixture.NewMarket(status: "draft"));
            User?[] users = [api.Alice, api.Bob, null, api.Alice, null, api.Bob, api.Moderator, null];

            var responses = await Task.WhenAll(users.Select(user => api.ReadAsync(path, user)));

            foreach (var (user, response) in users.Zip(responses))
            {
                var mayRead = user == api.Alice || user == api.Moderator;
                Assert.Equal(mayRead ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
                response.Dispose();
            }
        }
    }

    [Fact]
    public async Task A_draft_that_is_activated_is_there_for_all_at_once()
    {
        var path = await api.MakeAsync(ApiFixture.NewMarket(status: "draft"));
        using var before = await api.ReadAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);

        await api.PatchAsync(path, new { status = "active" });

        using var after = await api.ReadAsync(path);
        using var again = await api.ReadAsync(path);
        Assert.Equal((HttpStatusCode.OK, "public, no-cache"), (after.StatusCode, after.Header("Cache-Control")));
        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (again.StatusCode, again.CacheStatus()));
    }

    [Fact]
    public async Task A_request_with_a_valid_token_is_served_from_memory_too()
    {
        var path = await api.MakeCachedAsync();

        using var response = await api.ReadAsync(path, api.Bob);

        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (response.StatusCode, response.CacheStatus()));
    }

    [Theory]
    [InlineData("Bearer rubbish")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("Bearer a.b.c")]
    public async Task A_request_with_an_invalid_token_is_not_served_from_memory(string authorization)
    {
        var path = await api.MakeCachedAsync();

        using var response = await api.ReadAsync(path, null, ("Authorization", authorization));

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (response.StatusCode, response.CacheStatus()));
    }

    [Fact]
    public async Task HEAD_is_served_from_memory_without_a_body()
    {
        var path = await api.MakeCachedAsync();
        using var get = await api.ReadAsync(path);

        using var head = await api.AskAsync(HttpMethod.Head, path);

        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (head.StatusCode, head.CacheStatus()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        foreach (var name in (string[])["ETag", "Cache-Control", "Content-Type", "Content-Length", "Vary"])
        {
            Assert.Equal(get.Header(name), head.Header(name));
        }

        Assert.NotEqual("", head.Header("Content-Length"));
    }

    [Fact]
    public async Task Memory_responds_in_the_encoding_that_is_asked_for()
    {
        var path = await api.MakeCachedAsync();
        using var plain = await api.ReadAsync(path);

        using var packed = await api.ReadAsync(path, null, ("Accept-Encoding", "gzip"));

        Assert.Equal(CacheRequests.InMemory, packed.CacheStatus());
        Assert.Equal("gzip", packed.Header("Content-Encoding"));
        Assert.Equal("", plain.Header("Content-Encoding"));
        Assert.Contains("Accept-Encoding", packed.Header("Vary"), StringComparison.OrdinalIgnoreCase);
        await using var body = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var json = await JsonDocument.ParseAsync(body);
        Assert.Equal((await plain.DataAsync()).GetRawText(), json.RootElement.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task The_id_in_capitals_is_the_same_market()
    {
        var path = await api.MakeCachedAsync();
        using var plain = await api.ReadAsync(path);

        using var capitals = await api.ReadAsync("/api/markets/" + path.Split('/')[^1].ToUpperInvariant());

        Assert.Equal((HttpStatusCode.OK, CacheRequests.InMemory), (capitals.StatusCode, capitals.CacheStatus()));
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await capitals.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_parameter_is_rejected_for_a_cached_market_too()
    {
        var path = await api.MakeCachedAsync();

        using var response = await api.ReadAsync(path + "?x=1");

        Assert.Equal((HttpStatusCode.BadRequest, ""), (response.StatusCode, response.CacheStatus()));
    }

    [Fact]
    public async Task Every_cached_response_has_a_request_id_of_its_own()
    {
        var path = await api.MakeCachedAsync();
        using var first = await api.ReadAsync(path);
        using var second = await api.ReadAsync(path);

        Assert.Equal(CacheRequests.InMemory, second.CacheStatus());
        Assert.NotEqual("", first.Header("X-Request-Id"));
        Assert.NotEqual(first.Header("X-Request-Id"), second.Header("X-Request-Id"));
        Assert.Equal(first.Header("X-Content-Type-Options"), second.Header("X-Content-Type-Options"));
    }

    /// <summary>A market that the program hasn't made.</summary>
    private async Task<Guid> SeedAsync(Guid? id = null)
    {
        var made = id ?? Guid.CreateVersion7();
        var pattern = await api.CreateMarketAsync();
        var rows = await api.Database.ExecuteAsync(
            """
            INSERT INTO markets
            SELECT (jsonb_populate_record(m, jsonb_build_object('id', @made))).*
            FROM markets m
            WHERE m.id = @id
            """,
            new { made, id = pattern.Id() }
        );
        Assert.Equal(1, rows);
        return made;
    }
}
