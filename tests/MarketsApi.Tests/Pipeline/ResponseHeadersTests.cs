using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Pipeline;

/// <summary>Every header of every kind of response, and no other.</summary>
public sealed class ResponseHeadersTests(PipelineFixture api) : IClassFixture<PipelineFixture>
{
    private const string Tag = "^\"1\\.0\"$";
    private const string Uuid = "[0-9a-f-]{36}";

    private static readonly Dictionary<string, string> Always = new()
    {
        ["Date"] = "^...",
        ["X-Request-Id"] = "^[0-9a-f]{32}$",
        ["X-Content-Type-Options"] = "^nosniff$",
        ["Referrer-Policy"] = "^no-referrer$",
        ["X-Frame-Options"] = "^DENY$",
        ["Content-Security-Policy"] = "^default-src 'none'; frame-ancestors 'none'$",
        ["Cache-Control"] = "^no-store$",
        ["Vary"] = "^Origin$",
    };

    private static readonly Dictionary<string, string> Counted = With(
        Always,
        ("RateLimit-Policy", "^\"default\";q=100000;w=60$"),
        ("RateLimit", @"^""default"";r=\d+;t=\d+$")
    );

    private static readonly Dictionary<string, string> CountedWrite = With(
        Always,
        ("RateLimit-Policy", $"^\"default\";q=100000;w=60, \"writes\";q={PipelineFixture.Writes};w=60$"),
        ("RateLimit", @"^""default"";r=\d+;t=\d+, ""writes"";r=\d+;t=\d+$")
    );

    private static readonly (string, string) Json = ("Content-Type", "^application/json; charset=utf-8$");
    private static readonly (string, string) Problem = ("Content-Type", "^application/problem\\+json");
    private static readonly (string, string) Length = ("Content-Length", "^[1-9]\\d*$");
    private static readonly (string, string) Chunked = ("Transfer-Encoding", "^chunked$");
    private static readonly (string, string) Miss = ("Cache-Status", "^MarketsApi; (fwd=miss|hit; detail=redis)$");
    private static readonly (string, string) Hit = ("Cache-Status", "^MarketsApi; hit; detail=memory$");
    private static readonly (string, string) Age = ("Age", @"^\d+$");
    private static readonly (string, string) Public = ("Cache-Control", "^public, no-cache$");
    private static readonly (string, string) Private = ("Cache-Control", "^private, no-cache$");
    private static readonly (string, string) Coded = ("Vary", "^Accept-Encoding, Origin$");

    /// <summary>What the framework puts on every response to an exception.</summary>
    private static readonly (string, string)[] Uncacheable =
    [
        ("Cache-Control", "^no-cache,no-store$"),
        ("Pragma", "^no-cache$"),
        ("Expires", "^-1$"),
    ];

    private static readonly (string, string) InvalidToken = (
        "WWW-Authenticate",
        "^Bearer realm=\"markets-api\", error=\"invalid_token\"$"
    );

    private static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["200, an item from memory"] = new(200, Counted, [Json, Length, ("ETag", Tag), Coded, Public, Hit, Age]),
        ["200, a list"] = new(200, Counted, [Json, Length, ("Link", "^</api/markets\\?.*>; rel=\"next\"$"), Miss]),
        ["200, HEAD"] = new(200, Counted, [Json, Length, ("ETag", Tag), Coded, Public, Hit, Age]),
        ["200, a probe"] = new(200, Always, [Json, Chunked]),
        ["201"] = new(
            201,
            CountedWrite,
            [Json, Chunked, Private, ("ETag", Tag), ("Location", $"^/api/markets/{Uuid}$")]
        ),
        ["201, replayed"] = new(
            201,
            CountedWrite,
            [
                Json,
                Length,
                Private,
                ("ETag", Tag),
                ("Location", $"^/api/markets/{Uuid}$"),
                ("Idempotency-Replayed", "^true$"),
            ]
        ),
        ["204"] = new(204, CountedWrite, []),
        ["304"] = new(304, Counted, [("ETag", Tag), Coded, Public, Hit, Age]),
        ["400, a parameter"] = new(400, Counted, [Problem, Length]),
        ["400, JSON"] = new(400, CountedWrite, [Problem, Length, .. Uncacheable]),
        ["401, none"] = new(
            401,
            CountedWrite,
            [Problem, Length, ("WWW-Authenticate", "^Bearer realm=\"markets-api\"$")]
        ),
        ["401, a bad one"] = new(401, Counted, [Problem, Length, InvalidToken]),
        ["403"] = new(403, CountedWrite, [Problem, Length]),
        ["403, a route that says nothing"] = new(403, Counted, [Problem, Length]),
        ["404, a market"] = new(404, Counted, [Problem, Length]),
        ["404, a route"] = new(404, Counted, [Problem, Length]),
        ["405"] = new(405, Counted, [Problem, Length, ("Allow", "^GET, HEAD$")]),
        ["405, OPTIONS"] = new(405, Counted, [Problem, Length, ("Allow", "^GET, HEAD, POST$")]),
        ["412"] = new(412, CountedWrite, [Problem, Length]),
        ["413"] = new(413, CountedWrite, [Problem, Length, ("Connection", "^close$")]),
        ["415"] = new(415, CountedWrite, [Problem, Length]),
        ["422"] = new(422, CountedWrite, [Problem, Length]),
        ["429"] = new(429, CountedWrite, [Problem, Length, ("Retry-After", @"^\d+$")]),
        ["500"] = new(500, Counted, [Problem, Length, .. Uncacheable]),
        ["preflight"] = new(
            204,
            Always,
            [
                ("Access-Control-Allow-Origin", "^https://app\\.example\\.org$"),
                ("Access-Control-Allow-Methods", "^GET,HEAD,POST,PUT,PATCH,DELETE$"),
                ("Access-Control-Allow-Headers", "^authorization$"),
                ("Access-Control-Max-Age", "^3600$"),
            ]
        ),
        ["200, to a page"] = new(
            200,
            Counted,
            [
                Json,
                Length,
                ("ETag", Tag),
                Coded,
                Public,
                Hit,
                Age,
                ("Access-Control-Allow-Origin", "^https://app\\.example\\.org$"),
                ("Access-Control-Expose-Headers", "^Age,Allow,Cache-Status,ETag,.*WWW-Authenticate,.*RateLimit"),
            ]
        ),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Are_exactly_these(string name)
    {
        var (status, common, own) = Kinds[name];
        var expected = With(common, own);

        using var response = await GetAsync(name);

        var found = response
            .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(Sorted(expected.Keys), Sorted(found.Keys));
        Assert.All(
            expected,
            header =>
                Assert.True(
                    Regex.IsMatch(found[header.Key], header.Value),
                    $"{header.Key}: {found[header.Key]} is not {header.Value}"
                )
        );
    }

    private async Task<HttpResponseMessage> GetAsync(string name)
    {
        var (user, admin) = (User.New(), User.New("admin"));
        using var created = await api.SendAsync("POST", "/api/markets", user.Token, ApiFixture.NewMarket());
        var path = created.Headers.Location!.ToString();
        await api.CacheAsync(path);
        switch (name)
        {
            case "200, an item from memory":
                return await api.SendAsync("GET", path);
            case "200, a list":
                using (await api.SendAsync("POST", "/api/markets", user.Token, ApiFixture.NewMarket()))
                {
                    return await api.SendAsync("GET", $"/api/markets?creatorId={user.Id}&limit=1");
                }

            case "200, HEAD":
                return await api.SendAsync("HEAD", path);
            case "200, to a page":
                return await api.SendAsync("GET", path, null, null, ("Origin", PipelineFixture.Page));
            case "200, a probe":
                return await api.SendAsync("GET", "/health/live");
            case "201":
                return await api.SendAsync("POST", "/api/markets", user.Token, ApiFixture.NewMarket());
            case "201, replayed":
            case "422":
                var body = ApiFixture.NewMarket();
                var key = ("Idempotency-Key", Guid.NewGuid().ToString());
                using (await api.SendAsync("POST", "/api/markets", user.Token, body, key))
                {
                    var second = name == "422" ? ApiFixture.NewMarket() : body;
                    return await api.SendAsync("POST", "/api/markets", user.Token, second, key);
                }

            case "204":
                return await api.SendAsync("DELETE", path, admin.Token);
            case "304":
                return await api.SendAsync("GET", path, null, null, ("If-None-Match", "\"1.0\""));
            case "400, a parameter":
                return await api.SendAsync("GET", "/api/markets?colour=red");
            case "400, JSON":
                return await api.SendAsync("POST", "/api/markets", user.Token, new { nonsense = 1 });
            case "401, none":
                return await api.SendAsync("POST", "/api/markets", null, ApiFixture.NewMarket());
            case "401, a bad one":
                return await api.SendAsync("GET", path, "nonsense");
            case "403":
                return await api.SendAsync("DELETE", path, User.New("guest").Token);
            case "403, a route that says nothing":
                return await api.SendAsync("GET", "/api/test/silent");
            case "404, a market":
                return await api.SendAsync("GET", $"/api/markets/{Guid.NewGuid()}");
            case "404, a route":
                return await api.SendAsync("GET", "/api/nothing");
            case "405":
                return await api.SendAsync("POST", "/api/me");
            case "405, OPTIONS":
                return await api.SendAsync("OPTIONS", "/api/markets");
            case "412":
                return await api.SendAsync("DELETE", path, admin.Token, null, ("If-Match", "\"9\""));
            case "413":
                return await api.SendAsync("POST", "/api/markets", user.Token, new ByteArrayContent(new byte[70_000]));
            case "415":
                return await api.SendAsync("POST", "/api/markets", user.Token, new StringContent("x"));
            case "429":
                for (var write = 1; write < PipelineFixture.Writes; write++)
                {
                    using var counted = await api.SendAsync("POST", "/api/markets", user.Token, new { });
                    Assert.Equal(400, (int)counted.StatusCode);
                }

                return await api.SendAsync("POST", "/api/markets", user.Token, new { });
            case "500":
                return await api.SendAsync("GET", "/api/test/bug", user.Token);
            case "preflight":
                return await api.SendAsync(
                    "OPTIONS",
                    path,
                    null,
                    null,
                    ("Origin", PipelineFixture.Page),
                    ("Access-Control-Request-Method", "PATCH"),
                    ("Access-Control-Request-Headers", "authorization")
                );
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "is not a kind of response");
        }
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> names) =>
        names.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> With(
        Dictionary<string, string> headers,
        params (string Name, string Value)[] others
    )
    {
        var all = new Dictionary<string, string>(headers);
        foreach (var (name, value) in others)
        {
            all[name] = value;
        }

        return all;
    }

    private sealed record Kind(int Status, Dictionary<string, string> Common, (string, string)[] Own);
}
