using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Caching;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>Conditional requests (RFC 9110 section 13), for each content coding and each source of the response.</summary>
public sealed class ConditionalTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    public static TheoryData<string, bool, string?> Reads =>
        [
            .. from coding in (string[])["", "gzip", "br"]
            from isCached in (bool[])[false, true]
            from user in (string?[])[null, "Bob"]
            select new TheoryDataRow<string, bool, string?>(coding, isCached, user),
        ];

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Each_coding_of_a_market_has_its_own_tag_which_gets_304(string coding, bool isCached, string? user)
    {
        var path = isCached
            ? await api.MakeCachedAsync()
            : $"/api/markets/{await api.InsertMarketAsync(version: 1, revision: 0)}";
        var own = coding.Length > 0 ? $"\"1.0-{coding}\"" : "\"1.0\"";

        using var same = await ReadAsync(own);
        using var weak = await ReadAsync("W/" + own);
        using var listed = await ReadAsync($"\"9.9\",, {own}");
        using var other = await ReadAsync(coding.Length > 0 ? "\"1.0\"" : "\"1.0-gzip\"");
        using var full = await ReadAsync(null);

        foreach (var response in (HttpResponseMessage[])[same, weak, listed])
        {
            Assert.Equal(304, (int)response.StatusCode);
            Assert.Equal("", response.Header("Content-Encoding"));
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
            foreach (var name in (string[])["ETag", "Vary", "Cache-Control"])
            {
                Assert.Equal(full.Header(name), response.Header(name));
            }
        }

        Assert.Equal((200, 200), ((int)other.StatusCode, (int)full.StatusCode));
        Assert.Equal((own, coding), (full.Header("ETag"), full.Header("Content-Encoding")));
        Assert.Equal("Accept-Encoding", full.Header("Vary"));
        Assert.Equal(own, other.Header("ETag"));

        Task<HttpResponseMessage> ReadAsync(string? ifNoneMatch) =>
            api.ReadAsync(
                path,
                user is null ? null : api.Bob,
                [
                    .. coding.Length > 0 ? [("Accept-Encoding", coding)] : Array.Empty<(string, string)>(),
                    .. ifNoneMatch is null ? Array.Empty<(string, string)>() : [("If-None-Match", ifNoneMatch)],
                ]
            );
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task The_tag_of_a_compressed_write_is_good_in_If_Match(string coding)
    {
        using var created = await SendAsync(HttpMethod.Post, "/api/markets", ApiFixture.NewMarket(), null);
        var path = created.Headers.Location!.OriginalString;
        Assert.Equal(coding, created.Header("Content-Encoding"));
        Assert.Equal(Tag("1.0"), created.Header("ETag"));

        using var patched = await SendAsync(HttpMethod.Patch, path, new { category = "b" }, created.Header("ETag"));
        using var late = await SendAsync(HttpMethod.Patch, path, new { category = "c" }, created.Header("ETag"));
        using var replaced = await SendAsync(HttpMethod.Put, path, ApiFixture.NewMarket(), patched.Header("ETag"));

        Assert.Equal((200, Tag("2.0")), ((int)patched.StatusCode, patched.Header("ETag")));
        Assert.Equal(412, (int)late.StatusCode);
        Assert.Equal((200, Tag("3.0")), ((int)replaced.StatusCode, replaced.Header("ETag")));

        string Tag(string version) => coding.Length > 0 ? $"\"{version}-{coding}\"" : $"\"{version}\"";

        Task<HttpResponseMessage> SendAsync(HttpMethod method, string to, object body, string? ifMatch) =>
            api.AskAsync(
                method,
                to,
                api.Alice,
                body,
                [
                    .. coding.Length > 0 ? [("Accept-Encoding", coding)] : Array.Empty<(string, string)>(),
                    .. ifMatch is null ? Array.Empty<(string, string)>() : [("If-Match", ifMatch)],
                ]
            );
    }

    [Theory]
    [InlineData("/openapi/v1.json", "")]
    [InlineData("/openapi/v1.json", "gzip")]
    [InlineData("/openapi/v1.json", "br")]
    [InlineData("/docs/index.html", "")]
    [InlineData("/docs/index.html", "gzip")]
    [InlineData("/docs/index.html", "br")]
    [InlineData("/docs/swagger-ui.css", "")]
    [InlineData("/docs/swagger-ui.css", "gzip")]
    public async Task Documents_return_304_with_the_headers_of_their_200(string path, string coding)
    {
        (string, string)[] accept = coding.Length > 0 ? [("Accept-Encoding", coding)] : [];
        using var plain = await api.ReadAsync(path);
        using var full = await api.ReadAsync(path, null, accept);
        var tag = full.Header("ETag");

        using var same = await api.ReadAsync(path, null, [.. accept, ("If-None-Match", tag)]);
        using var other = await api.ReadAsync(path, null, [.. accept, ("If-None-Match", "\"other\"")]);

        Assert.Equal((304, 200), ((int)same.StatusCode, (int)other.StatusCode));
        Assert.Equal(coding, full.Header("Content-Encoding"));
        Assert.Equal(coding.Length > 0, tag != plain.Header("ETag"));
        foreach (var name in (string[])["ETag", "Vary", "Cache-Control", "Content-Security-Policy"])
        {
            Assert.Equal(full.Header(name), same.Header(name));
        }

        Assert.Equal("Accept-Encoding", same.Header("Vary"));
    }

    [Theory]
    [InlineData("\"a,*,b\"", 200)]
    [InlineData("\"5.0\", *", 200)]
    [InlineData("\"x, \"1.0\", y\"", 200)]
    [InlineData("1.0", 200)]
    [InlineData("\"1.0 \"", 200)]
    [InlineData("w/\"1.0\"", 200)]
    [InlineData("\"1.0\\\"", 200)]
    [InlineData("\"a\\\", \"1.0\"", 304)]
    [InlineData("\"a,b\", \"1.0\"", 304)]
    [InlineData(" * ", 304)]
    public async Task Lists_of_tags_are_read_by_the_grammar(string ifNoneMatch, int status)
    {
        var path = await api.MakeCachedAsync();

        using var anonymousItem = await api.ReadAsync(path, null, ("If-None-Match", ifNoneMatch));
        using var mine = await api.ReadAsync(path, api.Alice, ("If-None-Match", ifNoneMatch));

        Assert.Equal((status, status), ((int)anonymousItem.StatusCode, (int)mine.StatusCode));
    }

    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("\"1.0-br\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"99.0\"", 412)]
    [InlineData("W/\"1.0\"", 412)]
    [InlineData("nonsense", 400)]
    public async Task If_Match_is_a_precondition_of_a_read_too(string ifMatch, int status)
    {
        var path = await api.MakeCachedAsync();
        foreach (var user in (User?[])[null, api.Bob])
        {
            using var read = await api.ReadAsync(path, user, ("If-Match", ifMatch));
            using var both = await api.ReadAsync(path, user, ("If-Match", ifMatch), ("If-None-Match", "\"1.0\""));
            using var head = await api.AskAsync(HttpMethod.Head, path, user, null, ("If-Match", ifMatch));

            Assert.Equal(status, (int)read.StatusCode);
            Assert.Equal(status, (int)head.StatusCode);
            Assert.Equal(status == 200 ? 304 : status, (int)both.StatusCode);
        }

        using var absent = await api.ReadAsync($"/api/markets/{Guid.NewGuid()}", null, ("If-Match", "\"99.0\""));
        Assert.Equal(404, (int)absent.StatusCode);
    }

    [Theory]
    [InlineData("*", 412)]
    [InlineData("\"3.17\"", 412)]
    [InlineData("W/\"3.17\"", 412)]
    [InlineData("\"3\"", 412)]
    [InlineData("\"3.17-gzip\"", 412)]
    [InlineData("\"1.0\", \"3.17\"", 412)]
    [InlineData("\"2.17\"", 200)]
    [InlineData("\"foreign\"", 200)]
    [InlineData("\"a,*,b\"", 200)]
    [InlineData("nonsense", 200)]
    public async Task If_None_Match_prevents_writes_to_the_version_that_it_names(string ifNoneMatch, int status)
    {
        var id = await api.InsertMarketAsync(version: 3, revision: 17);
        var path = $"/api/markets/{id}";
        var whole = new
        {
            name = "An imported market",
            description = "As it came",
            status = "active",
            endsAt = (string?)null,
        };
        (HttpMethod Method, User User, object? Body)[] writes =
        [
            (HttpMethod.Patch, api.Alice, new { }),
            (HttpMethod.Put, api.Alice, whole),
            (HttpMethod.Delete, api.Moderator, null),
        ];
        foreach (var (method, user, body) in writes)
        {
            using var response = await api.AskAsync(method, path, user, body, ("If-None-Match", ifNoneMatch));

            Assert.Equal(status == 200 && method == HttpMethod.Delete ? 204 : status, (int)response.StatusCode);
            if (status == 412)
            {
                var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
                Assert.Equal("Market was changed by someone else", problem.Text("error"));
                Assert.Equal("If-None-Match excludes the version that the market is in.", problem.Text("detail"));
            }
        }

        using var read = await api.ReadAsync(path);
        Assert.Equal(status == 200 ? 404 : 200, (int)read.StatusCode);
    }

    [Fact]
    public async Task Preconditions_come_after_404_and_403_and_before_409()
    {
        var closed = await api.InsertMarketAsync(api.Bob, status: "resolved", outcome: "yes");
        (string, string)[] any = [("If-None-Match", "*")];

        using var absent = await api.AskAsync(
            HttpMethod.Patch,
            $"/api/markets/{Guid.NewGuid()}",
            api.Alice,
            new { },
            any
        );
        using var foreign = await api.AskAsync(HttpMethod.Patch, $"/api/markets/{closed}", api.Alice, new { }, any);
        using var illegal = await api.AskAsync(
            HttpMethod.Patch,
            $"/api/markets/{closed}",
            api.Bob,
            new { status = "active" },
            any
        );
        using var problem = await JsonDocument.ParseAsync(await illegal.Content.ReadAsStreamAsync());

        Assert.Equal((404, 403, 412), ((int)absent.StatusCode, (int)foreign.StatusCode, (int)illegal.StatusCode));
        problem.RootElement.ShouldBeWellFormed(412);
    }
}
