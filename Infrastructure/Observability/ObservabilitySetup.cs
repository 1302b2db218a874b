using Serilog;
using Serilog.Core;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Structured logs on standard output.</summary>
internal static class ObservabilitySetup
{
    public static void AddObservability(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ILogEventEnricher, RequestEnricher>();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(services => new Serilog.Extensions.Logging.SerilogLoggerProvider(
            new LoggerConfiguration()
                .ReadFrom.Configuration(services.GetRequiredService<IConfiguration>())
                .Enrich.With([.. services.GetServices<ILogEventEnricher>()])
                .WriteTo.Console(new JsonLogFormatter())
                .CreateLogger(),
            dispose: true
        ));
    }

    /// <summary>Goes first: whatever happens behind it is logged once, with the request's id.</summary>
    public static void UseRequestLog(this WebApplication app) => app.UseMiddleware<RequestLog>();
}
