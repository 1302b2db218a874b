using Serilog;
using Serilog.Core;
using Serilog.Settings.Configuration;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Structured logs on standard output.</summary>
internal static class ObservabilitySetup
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new LogOutput(Console.OpenStandardOutput()));
        builder.Services.AddSingleton<ILogEventEnricher, RequestEnricher>();
        builder.Logging.ClearProviders();
        // It says nothing that RequestLog doesn't, and while it is on each request gets a scope and an activity for it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
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
    }

    /// <summary>Goes first: whatever happens behind it is logged once, with the request's id.</summary>
    public static void UseRequestLog(this WebApplication app) => app.UseMiddleware<RequestLog>();

    /// <summary>From here on log lines carry the ids of the request that they come from.</summary>
    public static void UseCurrentRequest(this WebApplication app) =>
        app.Use(
            static (context, next) =>
            {
                RequestEnricher.Current = context;
                return next(context);
            }
        );
}
