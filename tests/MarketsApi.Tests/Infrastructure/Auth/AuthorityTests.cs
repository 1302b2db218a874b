using System.Security.Cryptography;
using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

public sealed class AuthorityTests(AuthorityTests.Fixture api) : IClassFixture<AuthorityTests.Fixture>
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    public async Task A_token_signed_with_a_key_of_the_authority_is_accepted(string algorithm)
    {
        var result = await CallAsync(api.Provider.Token(algorithm: algorithm), 200);

        Assert.Equal("admin", result.Data().Text("role"));
    }

    [Fact]
    public async Task Every_other_token_is_rejected()
    {
        using var foreign = RSA.Create(2048);
        string[] tokens =
        [
            api.Provider.Token(issuer: "https://attacker.example"),
            api.Provider.Token(key: foreign),
            api.Provider.Token(key: foreign, keyId: "key-2"),
            api.Provider.TokenSignedWithThePublicKey(),
            RawToken.Make(RawToken.Claims(with: ("iss", api.Provider.Issuer))),
            RawToken.Of(new { alg = "none" }, RawToken.Claims(with: ("iss", api.Provider.Issuer)), _ => []),
        ];

        foreach (var token in tokens)
        {
            (await CallAsync(token, 401)).ShouldBeProblem(401, "Invalid token");
        }
    }

    private Task<IScenarioResult> CallAsync(string token, int status) =>
        api.Host.Scenario(s =>
        {
            s.Get.Url("/api/me");
            s.WithBearerToken(token);
            s.StatusCodeShouldBe(status);
        });

    public sealed class Fixture : ApiFixture
    {
        public IdentityProvider Provider { get; } = new();

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string> { ["Auth:Authority"] = Provider.Issuer, ["Auth:AnyAudience"] = "true" };

        public override async ValueTask InitializeAsync()
        {
            await Provider.StartAsync();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }
}
