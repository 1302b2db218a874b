using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Settings.Configuration;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Structured logs on standard output; traces and metrics by OTLP where a setting says where to.</summary>
internal static class ObservabilitySetup
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new LogOutput(Console.OpenStandardOutput()));
        builder.Services.AddSingleton<ILogEventEnricher, RequestEnricher>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Logging.ClearProviders();
        // It says nothing that RequestLog doesn't, and while it is on each request gets a scope and an activity for it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>, LogLevels>();
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(
            services => new ConfigurationChangeTokenSource<LoggerFilterOptions>(
                services.GetRequiredService<IConfiguration>()
            )
        );
        builder.Services.AddSingleton<ILoggerProvider>(services => new Serilog.Extensions.Logging.SerilogLoggerProvider(
            new LoggerConfiguration()
                // Without the list of assemblies it opens every file of the program's folder in search of sinks.
                .ReadFrom.Configuration(
                    services.GetRequiredService<IConfiguration>(),
                    new ConfigurationReaderOptions(typeof(LoggerConfiguration).Assembly)
                )
                .Enrich.With([.. services.GetServices<ILogEventEnricher>()])
                // The verb that was asked for tells why it can't start, in a sentence; this would be the same with a stack trace.
                .Filter.ByExcluding(logEvent => logEvent.MessageTemplate.Text == "Hosting failed to start")
                .WriteTo.Sink(new JsonLogSink(services.GetRequiredService<LogOutput>()))
                .CreateLogger(),
            dispose: true
        ));
        builder.AddTelemetry();
    }

    /// <summary>Goes first: whatever happens behind it is logged once, with the request's id.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        if (TelemetrySettings.Of(app.Configuration).HasTraces)
        {
            app.UseMiddleware<RequestSpans>();
        }

        app.UseMiddleware<RequestLog>();
    }

    /// <summary>From here on log lines carry the ids of the request that they come from.</summary>
    public static void UseCurrentRequest(this WebApplication app) =>
        app.Use(
            static (context, next) =>
            {
                RequestEnricher.Current = context;
                return next(context);
            }
        );

    private static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // The framework then puts the conventions' attributes on its spans, which it makes only where somebody listens.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder
            .Services.AddOptions<TelemetrySettings>()
            .Configure<IConfiguration>((settings, configuration) => settings.ReadFrom(configuration))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetrySettings>, TelemetrySettings>();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TelemetrySettings>>().Value);
        builder.Services.AddHostedService<Telemetry>();
    }
}
