using MarketsApi.Infrastructure.Shutdown;

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
        // Requests are answered on the thread that their bytes came in on: no handler blocks it, and one change of threads less is a tenth of a kept answer.
        builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestShape.MaxFramedBytes;
        });
        // Routing would answer a wrong media type before the caller's identity is known; RequestShape does it behind authorization.
        foreach (var policy in builder.Services.Where(IsMediaTypePolicy).ToList())
        {
            builder.Services.Remove(policy);
        }
    }

    private static bool IsMediaTypePolicy(ServiceDescriptor service) =>
        service.ServiceType == typeof(MatcherPolicy) && service.ImplementationType?.Name == "AcceptsMatcherPolicy";
}
