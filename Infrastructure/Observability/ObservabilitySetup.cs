using Serilog;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Structured logs on standard output; traces and metrics by OTLP where a setting says where to.</summary>
internal static class ObservabilitySetup
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new LogOutput(Console.OpenStandardOutput()));
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSerilog(
            (services, logs) =>
                logs
                    // It says nothing that the request's own line doesn't, and while it is on each request gets a scope and an activity for it.
                    .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                    // Without the list of assemblies it opens every file of the program's folder in search of sinks.
                    .ReadFrom.Configuration(
                        services.GetRequiredService<IConfiguration>(),
                        new ConfigurationReaderOptions(typeof(LoggerConfiguration).Assembly)
                    )
                    .Enrich.With<RequestLogEnricher>()
                    // The verb itself reports in one sentence why it can't start; this would repeat it with a stack trace.
                    .Filter.ByExcluding(logEvent => logEvent.MessageTemplate.Text == "Hosting failed to start")
                    .WriteTo.Sink(new JsonLogSink(services.GetRequiredService<LogOutput>())),
            preserveStaticLogger: true
        );
        builder.AddTelemetry();
    }

    /// <summary>Goes first: everything behind it is logged with the request's ids, and the request itself in a line at its end.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        if (TelemetrySettings.Of(app.Configuration).HasTraces)
        {
            app.UseMiddleware<RequestSpans>();
        }

        app.UseMiddleware<RequestLogContextMiddleware>();
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "Request completed";
            options.GetMessageTemplateProperties = static (context, _, elapsedMs, status) =>
                PropertiesOf(RequestLogContext.Of(context), elapsedMs, status);
        });
    }

    /// <summary>What only the line at the end of a request has; <see cref="RequestLogEnricher"/> adds the rest.</summary>
    private static LogEventProperty[] PropertiesOf(RequestLogContext request, double elapsedMs, int status)
    {
        var (statusProperty, elapsed) = (Property("status", status), Property("elapsedMs", elapsedMs));
        return request.Cache is { } cache
            ? [statusProperty, elapsed, Property("cache", cache)]
            : [statusProperty, elapsed];
    }

    private static LogEventProperty Property(string name, object value) => new(name, new ScalarValue(value));
}
