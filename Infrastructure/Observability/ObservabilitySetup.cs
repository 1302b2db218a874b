using System.Diagnostics;
using Serilog;
using Serilog.Core;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Structured logs on standard output.</summary>
internal static class ObservabilitySetup
{
    /// <summary>Without a listener the framework starts no activity, and requests would have a trace id only while somebody collects traces.</summary>
    private static readonly ActivityListener Tracing = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref _) => ActivitySamplingResult.PropagationData,
    };

    public static void AddObservability(this WebApplicationBuilder builder)
    {
        ActivitySource.AddActivityListener(Tracing);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ILogEventEnricher, RequestEnricher>();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(services => new Serilog.Extensions.Logging.SerilogLoggerProvider(
            new LoggerConfiguration()
                .ReadFrom.Configuration(services.GetRequiredService<IConfiguration>())
                .Enrich.With([.. services.GetServices<ILogEventEnricher>()])
                // The verb that was asked for tells why it can't start, in a sentence; this would be the same with a stack trace.
                .Filter.ByExcluding(logEvent => logEvent.MessageTemplate.Text == "Hosting failed to start")
                .WriteTo.Sink(new JsonLogSink(Console.OpenStandardOutput()))
                .CreateLogger(),
            dispose: true
        ));
    }

    /// <summary>Goes first: whatever happens behind it is logged once, with the request's id.</summary>
    public static void UseRequestLog(this WebApplication app) => app.UseMiddleware<RequestLog>();
}
