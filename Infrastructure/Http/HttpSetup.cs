using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Shutdown;

namespace MarketsApi.Infrastructure.Http;

/// <summary>Requests and responses: where the program listens, what it takes in, how it writes.</summary>
internal static class HttpSetup
{
    private const string MediaTypePolicy = "AcceptsMatcherPolicy";

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.AddServer();
        builder.AddShutdown();
        builder.AddJson();
        builder.AddMediaTypesBehindAuthorization();
    }

    /// <summary>Routing would reject a wrong media type before the caller is known; <see cref="StrictRequestFilter"/> does it after authorization.</summary>
    /// <exception cref="InvalidOperationException">This version of the framework has another name for it.</exception>
    private static void AddMediaTypesBehindAuthorization(this WebApplicationBuilder builder)
    {
        var policy = builder.Services.SingleOrDefault(service =>
            service.ServiceType == typeof(MatcherPolicy) && service.ImplementationType?.Name == MediaTypePolicy
        );
        if (policy is null)
        {
            throw new InvalidOperationException(
                $"Routing has no {MediaTypePolicy}: a wrong media type would be rejected before the caller is known."
            );
        }

        builder.Services.Remove(policy);
    }
}
