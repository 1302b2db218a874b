using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Pipeline;

/// <summary>In which order a request meets the parts of the pipeline, by what each pair of them does to it.</summary>
public sealed partial class PipelineOrderTests(PipelineFixture api) : IClassFixture<PipelineFixture>
{
    private static readonly string[] Order =
    [
        "UseRequestLog",
        "UseResponseDefaults",
        "UseResponseCompression",
        "UseExceptionHandler",
        "UseStatusCodePages",
        "UseForwardedHeaders",
        "UseRouting",
        "UseCors",
        "UseAuthentication",
        "UseRateLimiting",
        "UseResponseCache",
        "UseRequestTimeouts",
        "UseAuthorization",
    ];

    [Fact]
    public void Program_lists_the_parts_in_the_order_of_the_architecture()
    {
        var program = Assert.Single(SourceTree.Files, file => file.Path == "Program.cs");

        var parts = Use().Matches(program.Code).Select(match => match.Groups["name"].Value).ToList();

        Assert.Equal(Order, parts.Where(Order.Contains));
    }

    [Fact]
    public async Task Forwarded_headers_come_before_limits_which_come_before_the_cache()
    {
        var (path, one, other) = (await NewCachedMarketAsync(), api.NewAddress(), api.NewAddress());

        using var first = await ReadAsync(path, one);
        using var second = await ReadAsync(path, one);
        using var third = await ReadAsync(path, other);

        Assert.All(
            [first, second, third],
            response => Assert.Equal("MarketsApi; hit; detail=memory", Header(response, "Cache-Status"))
        );
        Assert.Equal((99_999, 99_998, 99_999), (Remaining(first), Remaining(second), Remaining(third)));
    }

    [Fact]
    public async Task Identity_comes_before_limits_and_authorization_comes_after_them()
    {
        var user = User.New();
        for (var write = 0; write < PipelineFixture.Writes; write++)
        {
            using var counted = await api.SendAsync("POST", "/api/markets", user.Token, new { });
            Assert.Equal(400, (int)counted.StatusCode);
        }

        using var over = await api.SendAsync("POST", "/api/markets", user.Token, new { });
        using var anonymous = await ReadAsync("/api/markets?limit=1", api.NewAddress());

        Assert.Equal(429, (int)over.StatusCode);
        Assert.Equal(99_999, Remaining(anonymous));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("too long")]
    [InlineData("padded")]
    public async Task A_bad_token_counts_for_the_address_and_not_for_the_user_in_it(string what)
    {
        var (user, address) = (User.New(), api.NewAddress());
        var token = what switch
        {
            "padded" => user.Token + "=",
            "too long" => RawToken.Make(
                RawToken.Claims(null, ("userId", user.Id.ToString()), ("x", new string('x', 7_000)))
            ),
            _ => what,
        };

        using var bad = await ReadAsync("/api/markets?limit=1", address, token);
        using var anonymous = await ReadAsync("/api/markets?limit=1", address);
        using var good = await ReadAsync("/api/markets?limit=1", address, user.Token);

        Assert.Equal(401, (int)bad.StatusCode);
        Assert.Equal((99_999, 99_998, 99_999), (Remaining(bad), Remaining(anonymous), Remaining(good)));
    }

    [Fact]
    public async Task Two_Authorization_lines_are_rejected_even_if_both_are_valid()
    {
        var user = User.New();

        var response = await api.Live.SendRawAsync(
            $"GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization:\r\nAuthorization: Bearer {user.Token}\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 401", response, StringComparison.Ordinal);
        Assert.Contains("Invalid token", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cache_serves_no_request_before_its_token_is_checked()
    {
        var path = await NewCachedMarketAsync();

        using var bad = await api.SendAsync("GET", path, "nonsense");
        using var good = await api.SendAsync("GET", path, User.New().Token);

        Assert.Equal((401, ""), ((int)bad.StatusCode, Header(bad, "Cache-Status")));
        Assert.Equal((200, "MarketsApi; hit; detail=memory"), ((int)good.StatusCode, Header(good, "Cache-Status")));
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("POST", "/api/me", 405)]
    public async Task Routing_responds_before_authorization_and_after_limits(string method, string path, int status)
    {
        var address = api.NewAddress();

        using var response = await api.SendAsync(method, path, "nonsense", null, ("X-Forwarded-For", address));

        Assert.Equal((status, 99_999), ((int)response.StatusCode, Remaining(response)));
        Assert.Equal("", Header(response, "WWW-Authenticate"));
    }

    [Theory]
    [InlineData("/api/test/bug", 500)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/me", 401)]
    public async Task Compression_is_in_front_of_everything_that_writes_a_problem(string path, int status)
    {
        using var response = await api.SendAsync("GET", path, null, null, ("Accept-Encoding", "gzip"));

        Assert.Equal((status, "gzip"), ((int)response.StatusCode, Header(response, "Content-Encoding")));
        await using var body = new System.IO.Compression.GZipStream(
            await response.Content.ReadAsStreamAsync(),
            System.IO.Compression.CompressionMode.Decompress
        );
        (await JsonDocument.ParseAsync(body)).RootElement.ShouldBeWellFormed(status);
    }

    [Theory]
    [InlineData("/api/test/bug")]
    [InlineData("/api/test/silent")]
    [InlineData("/api/nothing")]
    [InlineData("/api/me")]
    public async Task Cross_origin_headers_are_on_problems_too(string path)
    {
        using var response = await api.SendAsync("GET", path, null, null, ("Origin", PipelineFixture.Page));

        Assert.True((int)response.StatusCode >= 400);
        Assert.Equal(PipelineFixture.Page, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Header(response, "Vary"));
    }

    [Fact]
    public async Task A_timeout_that_is_not_the_database_s_is_a_bug()
    {
        using var response = await api.SendAsync("GET", "/api/test/timeout");

        Assert.Equal(500, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_body_with_broken_chunks_is_a_400()
    {
        var response = await api.Live.SendRawAsync(
            "POST /api/markets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + $"Authorization: Bearer {User.New().Token}\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "FFFFFFFFFFFFFFFF2\r\n{}\r\n0\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%20{0}")]
    [InlineData("{0}%20")]
    [InlineData("%c2%a0{0}")]
    [InlineData("{0}%0a")]
    public async Task An_id_in_another_form_is_not_found_in_memory_either(string form)
    {
        var path = await NewCachedMarketAsync();
        var id = path[(path.LastIndexOf('/') + 1)..];

        using var response = await api.SendAsync(
            "GET",
            "/api/markets/" + string.Format(CultureInfo.InvariantCulture, form, id)
        );

        Assert.Equal(404, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("\"1.0\"", true)]
    [InlineData("*", false)]
    public async Task Only_a_304_that_names_the_version_is_free(string tag, bool isFree)
    {
        var (path, address) = (await NewCachedMarketAsync(), api.NewAddress());

        using var response = await api.SendAsync(
            "GET",
            path,
            null,
            null,
            ("X-Forwarded-For", address),
            ("If-None-Match", tag)
        );

        Assert.Equal((304, isFree ? 100_000 : 99_999), ((int)response.StatusCode, Remaining(response)));
    }

    [Fact]
    public async Task A_304_that_the_database_had_to_be_asked_for_is_not_free()
    {
        var user = User.New();
        using var created = await api.SendAsync(
            "POST",
            "/api/markets",
            user.Token,
            ApiFixture.NewMarket(status: "draft")
        );
        var path = created.Headers.Location!.ToString();

        using var first = await api.SendAsync("GET", path, user.Token, null, ("If-None-Match", "\"1.0\""));
        using var second = await api.SendAsync("GET", path, user.Token, null, ("If-None-Match", "\"1.0\""));

        Assert.Equal((304, 304), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(1, Remaining(first) - Remaining(second));
    }

    private async Task<string> NewCachedMarketAsync()
    {
        using var created = await api.SendAsync("POST", "/api/markets", User.New().Token, ApiFixture.NewMarket());
        Assert.Equal(201, (int)created.StatusCode);
        var path = created.Headers.Location!.ToString();
        await api.CacheAsync(path);
        return path;
    }

    private Task<HttpResponseMessage> ReadAsync(string path, string address, string? token = null) =>
        api.SendAsync("GET", path, token, null, ("X-Forwarded-For", address));

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString()
        : response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString()
        : "";

    private static int Remaining(HttpResponseMessage response) =>
        int.Parse(
            RemainingOfDefault().Match(Header(response, "RateLimit")).Groups["left"].Value,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(@"app\.(?<name>Use\w+)\(")]
    private static partial Regex Use();

    [GeneratedRegex(@"^""default"";r=(?<left>\d+);")]
    private static partial Regex RemainingOfDefault();
}
