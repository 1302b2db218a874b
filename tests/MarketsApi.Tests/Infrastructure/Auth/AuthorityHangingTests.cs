using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>An authority that takes connections and says nothing, before its keys were ever there.</summary>
public sealed class AuthorityHangingTests(AuthorityHangingTests.Fixture api)
    : IClassFixture<AuthorityHangingTests.Fixture>
{
    [Fact]
    public async Task Tokens_wait_together_for_one_fetch_and_then_not_at_all_for_a_moment()
    {
        var token = RawToken.Make(RawToken.Claims());
        var started = Stopwatch.GetTimestamp();

        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StatusAsync(token)));
        var waited = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        var after = await StatusAsync(token);
        var again = Stopwatch.GetElapsedTime(started);

        Assert.All(together.Append(after), status => Assert.Equal(503, status));
        Assert.True(waited < TimeSpan.FromSeconds(20), $"eight tokens took {waited}");
        Assert.True(again < TimeSpan.FromSeconds(2), $"the next took {again}");
    }

    private async Task<int> StatusAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await api.Live.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    public sealed class Fixture : ApiFixture
    {
        private readonly TcpListener _authority = new(IPAddress.Loopback, 0);

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>
            {
                ["Auth:Authority"] = $"http://127.0.0.1:{((IPEndPoint)_authority.LocalEndpoint).Port}",
                ["Auth:AnyAudience"] = "true",
            };

        public override ValueTask InitializeAsync()
        {
            _authority.Start();
            return base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _authority.Dispose();
        }
    }
}
