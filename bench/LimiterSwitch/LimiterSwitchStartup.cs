using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.LimiterSwitch;

/// <summary>Puts the switch in front of the program: <c>/limits/on</c> and <c>/limits/off</c>.</summary>
public sealed class LimiterSwitchStartup : IHostingStartup, IStartupFilter
{
    /// <inheritdoc/>
    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            var type = typeof(IJob).Assembly.GetType("MarketsApi.Infrastructure.RateLimiting.RateLimitSettings", true)!;
            var settings = app.ApplicationServices.GetRequiredService(type);
            var enabled = type.GetProperty("Enabled")!;
            app.Use(
                (context, following) =>
                {
                    if (context.Request.Path.Value is not ("/limits/on" or "/limits/off"))
                    {
                        return following(context);
                    }

                    enabled.SetValue(settings, context.Request.Path.Value == "/limits/on");
                    return context.Response.WriteAsync("done");
                }
            );
            next(app);
        };
}
