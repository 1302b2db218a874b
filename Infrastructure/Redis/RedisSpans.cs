using System.Diagnostics;
using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>Calls of Redis as spans (OpenTelemetry's conventions for databases); without keys and values, which are callers' own.</summary>
internal static class RedisSpans
{
    private static readonly ActivitySource Source = new("MarketsApi.Caching");

    /// <summary>Begins the span of a call, which then is the present one; null when nobody listens.</summary>
    public static Activity? Start(string command, ConnectionMultiplexer connection)
    {
        if (!Source.HasListeners() || Source.StartActivity(command, ActivityKind.Client) is not { } span)
        {
            return null;
        }

        span.SetTag("db.system.name", "redis");
        span.SetTag("db.operation.name", command);
        span.SetTag("db.namespace", connection.GetDatabase().Database.ToString(CultureInfo.InvariantCulture));
        switch (connection.GetEndPoints())
        {
            case [DnsEndPoint { Host: var host, Port: var port }, ..]:
                span.SetTag("server.address", host);
                span.SetTag("server.port", port);
                break;
            case [IPEndPoint { Address: var address, Port: var port }, ..]:
                span.SetTag("server.address", address.ToString());
                span.SetTag("server.port", port);
                break;
        }

        return span;
    }
}
