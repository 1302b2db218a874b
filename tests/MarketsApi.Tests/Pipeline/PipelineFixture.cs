using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Carter;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Tests.Pipeline;

/// <summary>The pipeline as it is deployed: Redis, jobs, limits, a known proxy and a page of another origin; and a few routes that misbehave.</summary>
public class PipelineFixture : ApiFixture
{
    /// <summary>The origin whose pages may read responses.</summary>
    public const string Page = "https://app.example.org";

    /// <summary>How many writes a user may send in a minute here.</summary>
    public const int Writes = 6;

    private int _addresses;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["ConnectionStrings:Redis"] = TestRedis.NewConnectionString(),
            ["Jobs:Enabled"] = "true",
            ["RateLimiting:Policies:writes:PermitLimit"] = Writes.ToString(CultureInfo.InvariantCulture),
            ["Cors:Origins"] = $"{Page},https://other.example.org",
            ["ForwardedHeaders:KnownProxies"] = "127.0.0.1",
        };

    /// <inheritdoc/>
    protected override void AddServices(IServiceCollection services) =>
        services.AddSingleton<ICarterModule>(new Misbehaving());

    /// <summary>An address that nothing has been sent from.</summary>
    public string NewAddress() =>
        string.Create(CultureInfo.InvariantCulture, $"203.0.113.{Interlocked.Increment(ref _addresses)}");

    /// <summary>Reads until memory responds; a late message about a change may remove the first copy.</summary>
    public async Task CacheAsync(string path)
    {
        for (var reads = 0; reads < 100; reads++)
        {
            using var response = await SendAsync("GET", path);
            if (
                response.Headers.TryGetValues("Cache-Status", out var status)
                && status.Single().EndsWith("memory", StringComparison.Ordinal)
            )
            {
                return;
            }
        }

        throw new TimeoutException($"{path} isn't served from memory after 100 reads.");
    }

    /// <summary>Sends a request over a real connection.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string? token = null,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Live.Client.SendAsync(request);
    }

    /// <summary>Routes that no slice has.</summary>
    private sealed class Misbehaving : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app)
        {
            app.MapGet("/api/test/bug", IResult () => throw new InvalidOperationException("a bug"))
                .RequirePermission(Permission.Read);
            app.MapGet("/api/test/timeout", IResult () => throw new TimeoutException("not the database's"))
                .RequirePermission(Permission.Read);
            app.MapGet("/api/test/options", (bool? write, bool? admin) => Results.Ok(new { write, admin }))
                .RequirePermission(Permission.Read)
                .RequirePermissionFor("write", Permission.Write)
                .RequirePermissionFor("admin", Permission.Admin);
            app.MapGet("/api/test/closed", (bool? open) => Results.Ok(new { open }))
                .RequirePermission(Permission.Admin)
                .RequirePermissionFor("open", Permission.Read);
            app.MapGet("/api/test/slow", WaitAsync).RequirePermission(Permission.Read);
            app.MapGet("/api/test/stream", WaitAsync).RequirePermission(Permission.Read).DisableRequestTimeout();
            app.DataSources.Add(new Silent());
        }

        /// <summary>Takes longer than <see cref="ShortLimit"/> lets a request take.</summary>
        private static async Task<IResult> WaitAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
            return Results.NoContent();
        }
    }

    /// <summary>A route that states no permission, added without the check at start.</summary>
    private sealed class Silent : EndpointDataSource
    {
        public override IReadOnlyList<Endpoint> Endpoints { get; } =
        [
            new RouteEndpointBuilder(
                context => context.Response.WriteAsync("reached"),
                RoutePatternFactory.Parse("/api/test/silent"),
                0
            ).Build(),
        ];

        public override IReadOnlyList<Endpoint> GetGroupedEndpoints(RouteGroupContext context) => Endpoints;

        public override IChangeToken GetChangeToken() => new CancellationChangeToken(CancellationToken.None);
    }

    /// <summary>The same with a second for each request.</summary>
    public sealed class ShortLimit : PipelineFixture
    {
        /// <inheritdoc/>
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(base.Settings) { ["Http:RequestTimeoutSeconds"] = "1" };
    }
}
