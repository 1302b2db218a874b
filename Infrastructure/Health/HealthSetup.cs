using MarketsApi.Infrastructure.OpenApi;
using MarketsApi.Infrastructure.Shutdown;
using Microsoft.Extensions.Diagnostics.HealthChecks;

[assembly: ApiTag("Health", "Whether the process lives and whether it can serve, for whoever runs it.")]

namespace MarketsApi.Infrastructure.Health;

/// <summary>Whether the process lives and whether it can serve, for whoever runs it.</summary>
internal static class HealthSetup
{
    /// <summary>The address that answers as long as the process does.</summary>
    public const string Live = "/health/live";

    /// <summary>The address that answers 200 when the database does.</summary>
    public const string Ready = "/health/ready";

    private const string Reader = "postgresReader";

    public static void AddHealth(this WebApplicationBuilder builder) =>
        builder
            .Services.AddHealthChecks()
            .AddCheck<PostgresHealthCheck>("postgres", timeout: TimeSpan.FromSeconds(2))
            .AddCheck<ReadReplicaHealthCheck>(Reader)
            .AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded, timeout: TimeSpan.FromSeconds(1));

    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods(Live, [HttpMethods.Get, HttpMethods.Head], HandleLive)
            .WithName("CheckLive")
            .WithTags("Health")
            .WithSummary("Is the process alive?")
            .WithDescription("Answers as long as the process does, whatever has become of the servers behind it.")
            .AllowAnonymous();
        app.MapMethods(Ready, [HttpMethods.Get, HttpMethods.Head], HandleReadyAsync)
            .WithName("CheckReady")
            .WithTags("Health")
            .WithSummary("Can the process serve?")
            .WithDescription(
                "200 when the database answers. A Redis that is away makes it `degraded`, still with 200. A process that is about to stop answers 503, and serves on for a moment."
            )
            .ProducesProblemWith(Problems.ServiceUnavailable, ErrorOf("postgres"))
            .AllowAnonymous();
    }

    private static Ok<Envelope<HealthBody>> HandleLive() =>
        TypedResults.Ok(
            new Envelope<HealthBody>(new HealthBody(Word(HealthStatus.Healthy), new Dictionary<string, string>()))
        );

    private static async Task<Results<Ok<Envelope<HealthBody>>, ProblemResult>> HandleReadyAsync(
        HealthCheckService health,
        ReadReplica replica,
        Draining draining,
        CancellationToken cancellationToken
    )
    {
        if (draining.IsOn)
        {
            return ProblemResult.Of(Problems.ServiceUnavailable, ErrorOf("stopping"), retryAfterSeconds: 2);
        }

        var report = await health.CheckHealthAsync(
            check => check.Name != Reader || replica.IsConfigured,
            cancellationToken
        );
        if (report.Status == HealthStatus.Unhealthy)
        {
            var failed = report.Entries.Where(entry => entry.Value.Status == HealthStatus.Unhealthy);
            return ProblemResult.Of(
                Problems.ServiceUnavailable,
                ErrorOf(string.Join(", ", failed.Select(entry => entry.Key))),
                retryAfterSeconds: 2
            );
        }

        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status));
        return TypedResults.Ok(new Envelope<HealthBody>(new HealthBody(Word(report.Status), checks)));
    }

    private static string ErrorOf(string failed) => $"Service unavailable: {failed}";

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>The state of the program and of what it stands on: <c>healthy</c> or <c>degraded</c> each.</summary>
/// <param name="Status">The worst of the checks.</param>
/// <param name="Checks">The state of each thing that was looked at.</param>
/// <example>{"status": "healthy", "checks": {"postgres": "healthy", "redis": "healthy"}}</example>
internal sealed record HealthBody(string Status, IReadOnlyDictionary<string, string> Checks);
