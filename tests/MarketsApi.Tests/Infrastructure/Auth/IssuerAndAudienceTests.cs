using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

public sealed class IssuerAndAudienceTests(IssuerAndAudienceTests.Fixture api)
    : IClassFixture<IssuerAndAudienceTests.Fixture>
{
    private const string Issuer = "https://id.example.org/";
    private const string Audience = "markets";

    [Theory]
    [InlineData(Issuer, Audience, 200)]
    [InlineData(null, Audience, 401)]
    [InlineData(Issuer, null, 401)]
    [InlineData("https://id.example.org", Audience, 401)]
    [InlineData("HTTPS://ID.EXAMPLE.ORG/", Audience, 401)]
    [InlineData("https://id.example.org.attacker.example/", Audience, 401)]
    [InlineData("", Audience, 401)]
    [InlineData(Issuer, "Markets", 401)]
    [InlineData(Issuer, "other", 401)]
    [InlineData(Issuer, "", 401)]
    public async Task Only_the_configured_ones_get_in(string? issuer, string? audience, int status)
    {
        var claims = RawToken.Claims();
        if (issuer is not null)
        {
            claims["iss"] = issuer;
        }

        if (audience is not null)
        {
            claims["aud"] = audience;
        }

        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?limit=1");
            s.WithBearerToken(RawToken.Make(claims));
            s.StatusCodeShouldBe(status);
        });

        if (status == 401)
        {
            result.ShouldBeProblem(401, "Invalid token");
        }
    }

    [Fact]
    public async Task One_of_several_audiences_is_enough()
    {
        var claims = RawToken.Claims(null, ("iss", Issuer), ("aud", new[] { "other", Audience }));

        await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/me");
            s.WithBearerToken(RawToken.Make(claims));
        });
    }

    [Theory]
    [InlineData("user", 200)]
    [InlineData("moderator", 200)]
    [InlineData("admin", 200)]
    [InlineData("guest", 403)]
    public async Task Reads_need_the_permission_when_so_configured(string role, int status)
    {
        var claims = RawToken.Claims(null, ("iss", Issuer), ("aud", Audience), ("role", role));

        await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?limit=1");
            s.WithBearerToken(RawToken.Make(claims));
            s.StatusCodeShouldBe(status);
        });
    }

    [Fact]
    public async Task Reads_need_a_token_when_so_configured_but_health_and_the_document_do_not()
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?limit=1");
            s.StatusCodeShouldBe(401);
            s.Header("WWW-Authenticate").SingleValueShouldEqual("Bearer realm=\"markets-api\"");
        });
        await api.Host.Scenario(s => s.Get.Url("/health/ready"));
        await api.Host.Scenario(s => s.Get.Url("/openapi/v1.json"));

        result.ShouldBeProblem(401, "Missing authorization token");
    }

    public sealed class Fixture : ApiFixture
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>
            {
                ["Auth:Issuer"] = Issuer,
                ["Auth:Audience"] = Audience,
                ["Auth:RequireTokenForReads"] = "true",
            };
    }
}
