using System.Diagnostics;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

public sealed class AuthorityDownTests(AuthorityDownTests.Fixture api) : IClassFixture<AuthorityDownTests.Fixture>
{
    [Fact]
    public async Task No_token_is_called_invalid_while_the_keys_are_unavailable()
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/me");
            s.WithBearerToken(api.Provider.Token());
            s.StatusCodeShouldBe(503);
            s.Header("Retry-After").ShouldHaveValues();
        });
        await api.Host.Scenario(s => s.Get.Url("/api/markets?limit=1"));
        await api.Host.Scenario(s => s.Get.Url("/health/ready"));

        result.ShouldBeProblem(503, "Service unavailable");

        await api.Provider.StartAsync();
        Assert.True(await IsAcceptedWithinAsync(TimeSpan.FromSeconds(20)), "the authority is back, its tokens are not");
    }

    private async Task<bool> IsAcceptedWithinAsync(TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            var result = await api.Host.Scenario(s =>
            {
                s.Get.Url("/api/me");
                s.WithBearerToken(api.Provider.Token());
                s.IgnoreStatusCode();
            });
            if (result.Context.Response.StatusCode == 200)
            {
                return true;
            }

            await Task.Delay(100);
        }

        return false;
    }

    public sealed class Fixture : ApiFixture
    {
        public IdentityProvider Provider { get; } = new();

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string> { ["Auth:Authority"] = Provider.Issuer, ["Auth:AnyAudience"] = "true" };
    }
}
