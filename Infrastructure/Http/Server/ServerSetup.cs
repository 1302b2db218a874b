using System.IO.Compression;
using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>The framework's server and middlewares, set by our settings.</summary>
internal static class ServerSetup
{
    private const int RetryAfterSeconds = 2;

    private static readonly string[] ExposedHeaders =
    [
        "Age",
        "Allow",
        "Cache-Status",
        "ETag",
        "Link",
        "Location",
        "Retry-After",
        "WWW-Authenticate",
        "X-Request-Id",
        "RateLimit",
        "RateLimit-Policy",
        "Idempotency-Replayed",
    ];

    public static void AddServer(this WebApplicationBuilder builder)
    {
        builder.AddListening();
        builder.AddSettings<HttpSettings>(HttpSettings.Section);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerLimits>();
        // Requests are handled on the thread that read their bytes: no handler blocks it, and a thread switch would cost a tenth of a cached response.
        builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<SocketTransportFactory>();
        builder.Services.AddSingleton<WatchedListeners>();
        builder.Services.Replace(
            ServiceDescriptor.Singleton<IConnectionListenerFactory>(services =>
                services.GetRequiredService<WatchedListeners>()
            )
        );
        builder.Services.AddHostedService(services => services.GetRequiredService<WatchedListeners>());
        builder.Services.AddSingleton<ClientConnections>();
        builder.AddCompression();
        builder.AddForwardedHeaders();
        builder.AddCrossOrigin();
        builder.AddTimeLimit();
    }

    /// <summary>Goes in front of all that can fail or clear a response; from here on no other client's connection replaces the request's.</summary>
    public static void UseResponseDefaults(this WebApplication app)
    {
        app.UseMiddleware<ClientConnectionMiddleware>();
        app.UseMiddleware<ResponseDefaultsMiddleware>();
    }

    /// <summary>Trusts only the proxies of the setting to say which client they forward for.</summary>
    public static void AddForwardedHeaders(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ForwardedHeadersSettings>(ForwardedHeadersSettings.Section);
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<ForwardedHeadersSettings>(
                (options, settings) =>
                {
                    var proxies = settings.GetNetworks();
                    // Without any known proxy the framework would believe everybody.
                    options.ForwardedHeaders =
                        proxies.Length > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
                    options.ForwardLimit = null;
                    options.KnownProxies.Clear();
                    options.KnownIPNetworks.Clear();
                    foreach (var network in proxies)
                    {
                        options.KnownIPNetworks.Add(network);
                    }
                }
            );
    }

    private static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        builder.AddSettings<CorsSettings>(CorsSettings.Section);
        builder.Services.AddCors();
        builder
            .Services.AddOptions<CorsOptions>()
            .Configure<CorsSettings>(
                (options, settings) =>
                    options.AddDefaultPolicy(policy =>
                        policy
                            .WithOrigins([.. settings.Origins])
                            .AllowAnyHeader()
                            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                            .WithExposedHeaders(ExposedHeaders)
                            .SetPreflightMaxAge(TimeSpan.FromHours(1))
                    )
            );
    }

    /// <remarks>An endpoint whose responses go on and on says so by the framework's own <c>DisableRequestTimeout()</c>.</remarks>
    private static void AddTimeLimit(this WebApplicationBuilder builder)
    {
        builder.Services.AddRequestTimeouts();
        builder
            .Services.AddOptions<RequestTimeoutOptions>()
            .Configure<HttpSettings>(
                (options, settings) =>
                    options.DefaultPolicy = new RequestTimeoutPolicy
                    {
                        Timeout = TimeSpan.FromSeconds(settings.RequestTimeoutSeconds),
                        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                        WriteTimeoutResponse = ProblemResult
                            .Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds)
                            .ExecuteAsync,
                    }
            );
    }
}

/// <summary>Smaller responses for those who ask for them.</summary>
internal static class CompressionSetup
{
    public static void AddCompression(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EntityTagCompressionProvider>();
        builder.Services.AddSingleton<IResponseCompressionProvider>(services =>
            services.GetRequiredService<EntityTagCompressionProvider>()
        );
        builder.Services.AddResponseCompression(options =>
        {
            // No response mixes a secret with what its caller sent, so compression under TLS gives nothing away (BREACH).
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, Errors.ProblemResult.ContentType];
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(options =>
            options.Level = CompressionLevel.Fastest
        );
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }
}

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
        options.RequestHeaderEncodingSelector = ContentLengthEncoding.OrOpaque;
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
        limits.MaxRequestBodySize = BodyRules.MaxDiscardedBytes;
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
