using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Errors;
using MarketsApi.Infrastructure.Http;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MarketsApi.Infrastructure.Health;

/// <summary>Whether the process lives and whether it can serve, for whoever runs it.</summary>
internal static class HealthSetup
{
    /// <summary>The address that answers as long as the process does.</summary>
    public const string Live = "/health/live";

    /// <summary>The address that answers 200 when the database does.</summary>
    public const string Ready = "/health/ready";

    public static void AddHealth(this WebApplicationBuilder builder) =>
        builder
            .Services.AddHealthChecks()
            .AddCheck<PostgresHealthCheck>("postgres", timeout: TimeSpan.FromSeconds(2))
            .AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded, timeout: TimeSpan.FromSeconds(1));

    public static void MapHealth(this WebApplication app)
    {
        app.MapChecks(Live, _ => false);
        app.MapChecks(Ready, _ => true);
    }

    private static void MapChecks(
        this WebApplication app,
        string path,
        Func<HealthCheckRegistration, bool> predicate
    ) =>
        app.MapHealthChecks(path, new HealthCheckOptions { Predicate = predicate, ResponseWriter = WriteAsync })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
            .OpenToAll();

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        if (report.Status == HealthStatus.Unhealthy)
        {
            var failed = report
                .Entries.Where(entry => entry.Value.Status == HealthStatus.Unhealthy)
                .Select(entry => entry.Key);
            return Refusal
                .Of(
                    Problems.ServiceUnavailable,
                    $"Service unavailable: {string.Join(", ", failed)}",
                    retryAfterSeconds: 2
                )
                .ExecuteAsync(context);
        }

        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status));
        var body = new Envelope<HealthBody>(new HealthBody(Word(report.Status), checks));
        return context.Response.WriteAsJsonAsync(body, JsonSettings.Wire, context.RequestAborted);
    }

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
