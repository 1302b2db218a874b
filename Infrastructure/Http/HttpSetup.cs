using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Settings;
using MarketsApi.Infrastructure.Shutdown;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http;

/// <summary>Requests and answers: where the program listens, what it takes in, how it writes.</summary>
internal static class HttpSetup
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.AddListening();
        builder.AddShutdown();
        builder.AddJson();
        builder.AddCompression();
        builder.AddCrossOrigin();
        builder.AddSettings<ForwardedHeadersSettings>(ForwardedHeadersSettings.Section);
        builder.Services.AddSingleton<ClientAddresses>();
        // Requests are answered on the thread that their bytes came in on: no handler blocks it, and one change of threads less is a tenth of a kept answer.
        builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
        builder.AddSettings<HttpSettings>(HttpSettings.Section);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerLimits>();
        builder.Services.AddSingleton<RequestTimeLimit>();
        // Routing would answer a wrong media type before the caller's identity is known; StrictRequestFilter does it behind authorization.
        foreach (var policy in builder.Services.Where(IsMediaTypePolicy).ToList())
        {
            builder.Services.Remove(policy);
        }
    }

    /// <summary>Bounds the time of what comes behind it; goes behind answers from memory, which take none.</summary>
    /// <remarks>An endpoint whose answers go on and on says so by the framework's own <c>DisableRequestTimeout()</c>.</remarks>
    public static void UseRequestTimeLimit(this IApplicationBuilder app) =>
        app.Use(next =>
        {
            var limit = app.ApplicationServices.GetRequiredService<RequestTimeLimit>();
            return context =>
                context.GetEndpoint()?.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is null
                    ? limit.RunAsync(context, next)
                    : next(context);
        });

    private static bool IsMediaTypePolicy(ServiceDescriptor service) =>
        service.ServiceType == typeof(MatcherPolicy) && service.ImplementationType?.Name == "AcceptsMatcherPolicy";
}
