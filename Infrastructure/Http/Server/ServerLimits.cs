using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>What one client can take of the server before it has shown who it is; docs/security.md gives the reasons.</summary>
internal sealed class ServerLimits(IOptions<HttpSettings> given) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>The most bytes of a request's headers. The largest one of them, a token, ends at half of that.</summary>
    private const int MaxHeaderBytes = 16 * 1024;

    /// <summary>The most that is read ahead on a connection, in bytes: a body is no larger, and Kestrel's default is sixteen times as much.</summary>
    private const int MaxReadAhead = BodyRules.MaxBytes;

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        HttpSettings settings;
        try
        {
            settings = given.Value;
        }
        catch (OptionsValidationException)
        {
            // The server is made before the settings are checked; the check stops the program in a moment, with its sentence.
            return;
        }

        var limits = options.Limits;
        limits.MaxRequestBodySize = BodyRules.MaxFramedBytes;
        limits.MaxRequestBufferSize = MaxReadAhead;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        options.ConfigureEndpointDefaults(endpoint =>
            endpoint.Use(next =>
            {
                var connections = endpoint.ApplicationServices.GetRequiredService<ClientConnections>();
                return context => connections.ServeAsync(context, next);
            })
        );
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(settings.HeaderTimeoutSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(settings.IdleTimeoutSeconds);
        var rate = new MinDataRate(settings.MinBytesPerSecond, TimeSpan.FromSeconds(settings.GraceSeconds));
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
    }
}
