using System.Globalization;
using Alba;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.RateLimiting;

/// <summary>The program with small limits; its tests are the proxy that it knows, and so come from any address that they like.</summary>
public sealed class RateLimitFixture : ApiFixture
{
    private int _addresses;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["RateLimiting:Enabled"] = "true",
            ["RateLimiting:PermitLimit"] = "5",
            ["RateLimiting:Policies:writes:PermitLimit"] = "2",
            ["RateLimiting:Policies:writes:WindowSeconds"] = "30",
            ["ForwardedHeaders:KnownProxies"] = "127.0.0.1",
            ["Cors:Origins"] = "https://app.example.org",
        };

    /// <summary>An address that no request has come from.</summary>
    public string NewAddress() =>
        string.Create(CultureInfo.InvariantCulture, $"198.51.100.{Interlocked.Increment(ref _addresses)}");

    /// <summary>Sends a request.</summary>
    public Task<IScenarioResult> SendAsync(
        string method,
        string path,
        string address,
        string? token = null,
        params (string Name, string Value)[] headers
    ) =>
        Host.Scenario(s =>
        {
            (
                method switch
                {
                    "HEAD" => s.Head,
                    "POST" => s.Post,
                    "DELETE" => s.Delete,
                    _ => s.Get,
                }
            ).Url(path);
            s.WithRequestHeader("X-Forwarded-For", address);
            if (token is not null)
            {
                s.WithBearerToken(token);
            }

            foreach (var (name, value) in headers)
            {
                s.WithRequestHeader(name, value);
            }

            s.IgnoreStatusCode();
        });

    /// <summary>Reads a list, and returns the status and how many requests are left.</summary>
    public async Task<(int Status, int Remaining)> ReadAsync(string address, string? token = null)
    {
        var result = await SendAsync("GET", "/api/markets?limit=1", address, token);
        return (result.Context.Response.StatusCode, Remaining(result));
    }

    /// <summary>What is left of the general limit, as the response's header says.</summary>
    public static int Remaining(IScenarioResult result)
    {
        var header = result.Header("RateLimit");
        Xunit.Assert.StartsWith("\"default\";r=", header, StringComparison.Ordinal);
        return int.Parse(header["\"default\";r=".Length..].Split(';')[0], CultureInfo.InvariantCulture);
    }
}
