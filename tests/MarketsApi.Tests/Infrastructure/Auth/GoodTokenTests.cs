using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>Requests that must be accepted: tokens at the edge of the rules, and requests without a token.</summary>
public sealed class GoodTokenTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly Dictionary<string, Func<string>> Good = new()
    {
        ["plain"] = () => RawToken.Make(RawToken.Claims()),
        ["expired within the skew"] = () => RawToken.Make(RawToken.Claims(with: ("exp", RawToken.Seconds(-10)))),
        ["not valid before, within the skew"] = () =>
            RawToken.Make(RawToken.Claims(with: ("nbf", RawToken.Seconds(15)))),
        ["exp with a fraction"] = () => RawToken.Make(RawToken.Claims(with: ("exp", RawToken.Seconds(3_600) + 0.5))),
        ["upper-case userId"] = () =>
            RawToken.Make(RawToken.Claims(with: ("userId", Guid.NewGuid().ToString().ToUpperInvariant()))),
        ["sub instead of userId"] = () => RawToken.Make(RawToken.Claims("userId", ("sub", Guid.NewGuid().ToString()))),
        ["sub no UUID beside a good userId"] = () => RawToken.Make(RawToken.Claims(with: ("sub", "auth0|alice"))),
        ["headers that point elsewhere"] = () =>
            RawToken.Make(
                RawToken.Claims(),
                ("kid", "' OR 1=1 --"),
                ("jku", "https://attacker.example/"),
                ("x5u", "https://attacker.example/")
            ),
        ["another typ"] = () => RawToken.Make(RawToken.Claims(), ("typ", "at+jwt")),
        ["7 KB long"] = () => RawToken.Make(RawToken.Claims(with: ("x", new string('x', 5_000)))),
        ["any issuer and audience when none is configured"] = () =>
            RawToken.Make(RawToken.Claims(null, ("iss", "https://anywhere.example"), ("aud", "anything"))),
    };

    public static TheoryData<string> Names => [.. Good.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_accepted(string name)
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/me");
            s.WithBearerToken(Good[name]());
        });

        Assert.Equal("admin", result.Data().Text("role"));
    }

    [Theory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    [InlineData("Bearer   ")]
    public async Task The_scheme_is_read_without_regard_to_case_or_blanks(string scheme)
    {
        // On a real port, since Kestrel trims the blanks.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.TryAddWithoutValidation("Authorization", scheme + api.Alice.Token + " ");

        using var response = await api.Live.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]
    [InlineData("Token abc")]
    [InlineData("Digest username=\"x\"")]
    public async Task Without_a_bearer_token_a_read_is_open_and_a_write_asks_for_one(string? authorization)
    {
        using var read = await SendAsync(HttpMethod.Get, "/api/markets?limit=1", null);
        using var write = await SendAsync(HttpMethod.Post, "/api/markets", JsonContent.Create(ApiFixture.NewMarket()));

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, write.StatusCode);
        Assert.Equal("Bearer realm=\"markets-api\"", write.Headers.WwwAuthenticate.ToString());
        var problem = await write.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        problem.ShouldBeWellFormed(401);
        Assert.Equal("Missing authorization token", problem.Text("error"));

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            return await api.Live.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("Admin")]
    [InlineData("ADMIN")]
    [InlineData(" admin")]
    [InlineData("root")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_role_that_is_not_exactly_one_of_ours_has_no_permissions(string? role)
    {
        var token = role is null
            ? RawToken.Make(RawToken.Claims(without: "role"))
            : RawToken.Make(RawToken.Claims(with: ("role", role)));

        await ShouldHaveNoPermissionsAsync(token);
    }

    [Fact]
    public async Task A_role_that_isn_t_a_single_text_has_no_permissions()
    {
        await ShouldHaveNoPermissionsAsync(RawToken.Make(RawToken.Claims(with: ("role", new[] { "admin", "user" }))));
        await ShouldHaveNoPermissionsAsync(RawToken.Make(RawToken.Claims(with: ("role", new[] { "admin" }))));
        await ShouldHaveNoPermissionsAsync(RawToken.Make(RawToken.Claims(with: ("role", new { admin = true }))));
        await ShouldHaveNoPermissionsAsync(RawToken.Make(RawToken.Claims(with: ("role", 1))));
    }

    [Fact]
    public async Task Claims_of_like_names_give_nothing()
    {
        var claims = RawToken.Claims("role", ("Role", "admin"), ("roles", "admin"), ("permissions", new[] { "admin" }));

        await ShouldHaveNoPermissionsAsync(RawToken.Make(claims));
    }

    private async Task ShouldHaveNoPermissionsAsync(string token)
    {
        var me = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/me");
            s.WithBearerToken(token);
        });
        await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?limit=1");
            s.WithBearerToken(token);
        });
        var write = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(token);
            s.Post.Json(ApiFixture.NewMarket()).ToUrl("/api/markets");
            s.StatusCodeShouldBe(403);
        });

        Assert.Empty(me.Data().GetProperty("permissions").EnumerateArray());
        write.ShouldBeProblem(403, "Insufficient permissions");
    }
}
