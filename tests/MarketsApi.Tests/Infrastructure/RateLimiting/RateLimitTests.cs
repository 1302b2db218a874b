using System.Globalization;
using Alba;
using MarketsApi.Infrastructure.RateLimiting;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>What callers see of the limits: here 5 requests in 60 s, of them 2 writes in 30 s.</summary>
public sealed class RateLimitTests(RateLimitFixture api) : IClassFixture<RateLimitFixture>
{
    private const string Page = "https://app.example.org";

    [Fact]
    public async Task A_caller_over_the_limit_is_told_when_to_try_again_and_can()
    {
        var address = api.NewAddress();
        for (var left = 4; left >= 0; left--)
        {
            var response = await api.SendAsync("GET", "/api/markets?limit=1", address);
            Assert.Equal(200, response.Context.Response.StatusCode);
            Assert.Equal("\"default\";q=5;w=60", response.Header("RateLimit-Policy"));
            Assert.Matches($"^\"default\";r={left};t=(59|60)$", response.Header("RateLimit"));
        }

        var rejected = await api.SendAsync("GET", "/api/markets?limit=1", address);

        var problem = rejected.ShouldBeProblem(429, "Rate limit exceeded");
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", problem.Text("type"));
        Assert.Equal("default", Assert.Single(problem.GetProperty("violated-policies").EnumerateArray()).GetString());
        Assert.Equal("\"default\";q=5;w=60", rejected.Header("RateLimit-Policy"));
        var seconds = int.Parse(rejected.Header("Retry-After"), CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 58, 61);
        Assert.Equal($"\"default\";r=0;t={Math.Min(seconds, 60)}", rejected.Header("RateLimit"));
        api.Clock.Advance(TimeSpan.FromSeconds(seconds - 5));
        Assert.Equal((429, 0), await api.ReadAsync(address));
        api.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, (await api.ReadAsync(address)).Status);
    }

    [Fact]
    public async Task Users_count_wherever_they_are_and_addresses_for_those_without_a_token()
    {
        var (one, other) = (api.NewAddress(), api.NewAddress());
        var (alice, bob) = (User.New(), User.New());

        Assert.Equal((200, 4), await api.ReadAsync(one, alice.Token));
        Assert.Equal((200, 3), await api.ReadAsync(other, Tokens.For(alice, lifetime: TimeSpan.FromHours(2))));
        Assert.Equal((200, 4), await api.ReadAsync(one, bob.Token));
        Assert.Equal((200, 4), await api.ReadAsync(one));
        Assert.Equal((200, 4), await api.ReadAsync(other));
    }

    [Fact]
    public async Task Addresses_of_IPv6_count_by_their_first_64_bits()
    {
        Assert.Equal((200, 4), await api.ReadAsync("2001:db8:7:8::1"));
        Assert.Equal((200, 3), await api.ReadAsync("2001:db8:7:8:ffff::2"));
        Assert.Equal((200, 4), await api.ReadAsync("2001:db8:7:9::1"));
        Assert.Equal((200, 4), await api.ReadAsync("203.0.113.77"));
        Assert.Equal((200, 3), await api.ReadAsync("::ffff:203.0.113.77"));
    }

    [Fact]
    public async Task Bad_tokens_count_for_the_address_which_a_good_one_from_there_does_not_suffer_from()
    {
        var address = api.NewAddress();
        for (var left = 4; left >= 0; left--)
        {
            var token = User.New().Token[..^5] + Random.Shared.Next(10_000, 99_999);
            var response = await api.SendAsync("GET", "/api/me", address, token);
            Assert.Equal((401, left), (response.Context.Response.StatusCode, RateLimitFixture.Remaining(response)));
        }

        Assert.Equal((429, 0), await api.ReadAsync(address, "nonsense"));
        Assert.Equal((429, 0), await api.ReadAsync(address));
        Assert.Equal((200, 4), await api.ReadAsync(address, User.New().Token));
    }

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/health/nothing", 404)]
    [InlineData("/HEALTH/live", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/docs/index.html", 200)]
    public async Task What_operates_and_describes_the_service_is_free(string path, int status)
    {
        var address = api.NewAddress();
        for (var request = 0; request < 7; request++)
        {
            var response = await api.SendAsync("GET", path, address, request % 2 == 0 ? null : "nonsense");
            Assert.Equal(status, response.Context.Response.StatusCode);
            Assert.Equal("", response.Header("RateLimit") + response.Header("RateLimit-Policy"));
        }

        Assert.Equal((200, 4), await api.ReadAsync(address));
    }

    [Theory]
    [InlineData("GET", "/api/markets?colour=red", 400)]
    [InlineData("GET", "/api/me", 401)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("GET", "/API/markets", 200)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/healthy", 404)]
    [InlineData("GET", "/api/markets/no-id", 404)]
    [InlineData("POST", "/api/me", 405)]
    [InlineData("HEAD", "/api/markets", 200)]
    public async Task Everything_else_counts_and_says_so_with_any_status(string method, string path, int status)
    {
        var address = api.NewAddress();

        var response = await api.SendAsync(method, path, address);
        Assert.Equal((status, 4), (response.Context.Response.StatusCode, RateLimitFixture.Remaining(response)));
        for (var request = 0; request < 4; request++)
        {
            await api.SendAsync(method, path, address);
        }

        Assert.Equal(429, (await api.SendAsync(method, path, address)).Context.Response.StatusCode);
        Assert.Equal((429, 0), await api.ReadAsync(address));
    }

    [Fact]
    public async Task A_304_is_free()
    {
        var market = await api.CreateMarketAsync(User.New());
        var path = $"/api/markets/{market.Id()}";
        foreach (var token in (string?[])[null, User.New().Token])
        {
            var address = api.NewAddress();
            var tag = (await api.SendAsync("GET", path, address, token)).Header("ETag");
            for (var request = 0; request < 12; request++)
            {
                var response = await api.SendAsync("GET", path, address, token, ("If-None-Match", tag));
                Assert.Equal(304, response.Context.Response.StatusCode);
                Assert.Equal("\"default\";q=5;w=60", response.Header("RateLimit-Policy"));
                Assert.Equal(4, RateLimitFixture.Remaining(response));
            }

            var changed = await api.SendAsync("GET", path, address, token, ("If-None-Match", "\"9.9\""));
            Assert.Equal((200, 3), (changed.Context.Response.StatusCode, RateLimitFixture.Remaining(changed)));
        }
    }

    [Fact]
    public async Task A_304_counts_when_the_database_had_to_be_asked()
    {
        var market = await api.CreateMarketAsync(User.New());

        var response = await api.SendAsync(
            "GET",
            $"/api/markets/{market.Id()}",
            api.NewAddress(),
            null,
            ("If-None-Match", "\"1.0\"")
        );

        Assert.Equal(304, response.Context.Response.StatusCode);
        Assert.Equal(4, RateLimitFixture.Remaining(response));
    }

    [Fact]
    public async Task Cached_responses_count_like_others()
    {
        var path = $"/api/markets/{(await api.CreateMarketAsync(User.New())).Id()}";
        var address = api.NewAddress();
        await api.SendAsync("GET", path, api.NewAddress());

        for (var left = 4; left >= 0; left--)
        {
            var response = await api.SendAsync("GET", path, address);
            Assert.Contains("hit; detail=memory", response.Header("Cache-Status"), StringComparison.Ordinal);
            Assert.Equal(left, RateLimitFixture.Remaining(response));
        }

        (await api.SendAsync("GET", path, address)).ShouldBeProblem(429, "Rate limit exceeded");
    }

    [Fact]
    public async Task A_named_limit_counts_on_top_of_the_general_one()
    {
        var user = User.New();
        const string policies = "\"default\";q=5;w=60, \"writes\";q=2;w=30";
        for (var left = 1; left >= 0; left--)
        {
            var created = await CreateAsync(user, 201);
            Assert.Equal(policies, created.Header("RateLimit-Policy"));
            Assert.Matches(
                $"^\"default\";r={left + 3};t=\\d\\d, \"writes\";r={left};t=(29|30)$",
                created.Header("RateLimit")
            );
        }

        var rejected = await CreateAsync(user, 429);

        var violated = rejected
            .Json()
            .GetProperty("violated-policies")
            .EnumerateArray()
            .Select(name => name.GetString());
        Assert.Equal(["writes"], violated);
        Assert.InRange(int.Parse(rejected.Header("Retry-After"), CultureInfo.InvariantCulture), 28, 31);
        Assert.Equal(policies, rejected.Header("RateLimit-Policy"));
        Assert.StartsWith("\"default\";r=3;t=", rejected.Header("RateLimit"), StringComparison.Ordinal);
        Assert.Equal((200, 2), await api.ReadAsync(api.NewAddress(), user.Token));
    }

    [Fact]
    public void A_route_can_cost_more_and_at_most_all_that_there_is()
    {
        var limiter = api.Host.Services.GetRequiredService<RateLimiter>();
        var (three, many) = (PlanOf(cost: 3, "?deep=1"), PlanOf(cost: 100, "?deep=1"));
        var (one, other) = (RateLimitCaller.Of(Guid.NewGuid()), RateLimitCaller.Of(Guid.NewGuid()));

        Assert.Equal((true, 2), Remaining(limiter.Charge(three, one)));
        Assert.Equal((false, 2), Remaining(limiter.Charge(three, one)));
        Assert.Equal((true, 0), Remaining(limiter.Charge(many, other)));
        Assert.Equal((false, 0), Remaining(limiter.Charge(many, other)));
        Assert.Equal(1, PlanOf(cost: 3, "").Cost);

        RateLimitPolicies PlanOf(int cost, string query)
        {
            var context = new DefaultHttpContext();
            context.Request.QueryString = new(query);
            var metadata = new RateLimitMetadata(null, cost, request => request.Query.ContainsKey("deep"));
            context.SetEndpoint(new Endpoint(null, new(metadata), ""));
            return limiter.PlanOf(context);
        }

        static (bool, int) Remaining(RateLimitLease lease) => (lease.IsPermitted, lease.Of(0).Remaining);
    }

    [Fact]
    public async Task Preflights_are_free_and_pages_of_known_origins_can_read_problems()
    {
        var address = api.NewAddress();
        for (var request = 0; request < 7; request++)
        {
            using var preflight = await SendFromPageAsync(HttpMethod.Options, address);
            Assert.Equal(204, (int)preflight.StatusCode);
        }

        for (var request = 0; request < 5; request++)
        {
            using var response = await SendFromPageAsync(HttpMethod.Get, address);
            Assert.Equal(200, (int)response.StatusCode);
        }

        using var rejected = await SendFromPageAsync(HttpMethod.Get, address);
        Assert.Equal(429, (int)rejected.StatusCode);
        Assert.Equal(Page, Assert.Single(rejected.Headers.GetValues("Access-Control-Allow-Origin")));
        var exposed = rejected.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(names => names.Split(','));
        Assert.Superset(new HashSet<string> { "RateLimit", "RateLimit-Policy", "Retry-After" }, exposed.ToHashSet());
    }

    private async Task<HttpResponseMessage> SendFromPageAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, "/api/markets?limit=1");
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.Add("Origin", Page);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
        }

        return await api.Live.Client.SendAsync(request);
    }

    private Task<IScenarioResult> CreateAsync(User user, int status) =>
        api.Host.Scenario(s =>
        {
            s.WithBearerToken(user.Token);
            s.Post.Json(ApiFixture.NewMarket()).ToUrl("/api/markets");
            s.StatusCodeShouldBe(status);
        });
}
