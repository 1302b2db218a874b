using MarketsApi.Infrastructure.OpenApi;
using MarketsApi.Infrastructure.Shutdown;
using Microsoft.Extensions.Diagnostics.HealthChecks;

[assembly: ApiTag("Health", "Whether the process runs and can serve requests; for operators.")]

namespace MarketsApi.Infrastructure.Health;

/// <summary>Whether the process runs and can serve requests; for operators.</summary>
internal static class HealthSetup
{
    /// <summary>The path that returns 200 while the process runs.</summary>
    public const string Live = "/health/live";

    /// <summary>The path that returns 200 while the database responds.</summary>
    public const string Ready = "/health/ready";

    public static void AddHealth(this WebApplicationBuilder builder) =>
        builder
            .Services.AddSingleton<HealthReports>()
            .AddHealthChecks()
            .AddCheck<PostgresHealthCheck>("postgres", timeout: TimeSpan.FromSeconds(2))
            .AddCheck<ReadReplicaHealthCheck>(HealthReports.Reader)
            .AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded, timeout: TimeSpan.FromSeconds(1));

    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods(Live, [HttpMethods.Get, HttpMethods.Head], HandleLive)
            .WithName("CheckLive")
            .WithTags("Health")
            .WithSummary("Check that the process runs")
            .WithDescription("Returns 200 while the process runs. It doesn't check the database or Redis.")
            .AllowAnonymous()
            .WithResponseExample("""{"checks": {}}""");
        app.MapMethods(Ready, [HttpMethods.Get, HttpMethods.Head], HandleReadyAsync)
            .WithName("CheckReady")
            .WithTags("Health")
            .WithSummary("Check that the process can serve requests")
            .WithDescription(
                "Returns 200 while the database can be reached. When Redis can't be reached, the status is `degraded`, still with 200. A process that is shutting down returns 503 and serves requests for a moment longer."
            )
            .ProducesProblemWith(Problems.ServiceUnavailable, ErrorOf("postgres"))
            .AllowAnonymous();
    }

    private static Ok<Envelope<HealthBody>> HandleLive() =>
        TypedResults.Ok(
            new Envelope<HealthBody>(new HealthBody(Word(HealthStatus.Healthy), new Dictionary<string, string>()))
        );

    private static async Task<Results<Ok<Envelope<HealthBody>>, ProblemResult>> HandleReadyAsync(
        HealthReports reports,
        Draining draining,
        CancellationToken cancellationToken
    )
    {
        if (draining.IsOn)
        {
            return ProblemResult.Of(Problems.ServiceUnavailable, ErrorOf("stopping"), retryAfterSeconds: 2);
        }

        var report = await reports.GetAsync(cancellationToken);
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

/// <summary>The health of the program and of the servers that it depends on: each <c>healthy</c> or <c>degraded</c>.</summary>
/// <param name="Status">The worst of the checks.</param>
/// <param name="Checks">The status of each check.</param>
/// <example>{"status": "healthy", "checks": {"postgres": "healthy", "redis": "healthy"}}</example>
internal sealed record HealthBody(string Status, IReadOnlyDictionary<string, string> Checks);
