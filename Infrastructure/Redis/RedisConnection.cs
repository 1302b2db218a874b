using System.Diagnostics;
using System.Globalization;
using System.Net;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.Settings;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>The connection to Redis, if one is configured: made at first use and, from then on, maintained by the client itself.</summary>
internal sealed class RedisConnection(ConnectionStringSettings settings) : IAsyncDisposable
{
    /// <summary>How long a health check waits: well within what probes wait.</summary>
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private volatile Task<ConnectionMultiplexer>? _client;
    private string? _channelPrefix;

    /// <summary>The connection broke. What was published meanwhile is lost.</summary>
    public event EventHandler? ConnectionLost;

    public bool IsConfigured => !string.IsNullOrEmpty(settings.Redis);

    /// <summary>The value of a key; null when the key doesn't exist.</summary>
    /// <exception cref="TimeoutException">Redis didn't respond in time.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or responded with an error.</exception>
    public Task<byte[]?> GetAsync(RedisKey key, TimeSpan timeout) =>
        CallAsync("GET", timeout, async database => (byte[]?)await database.StringGetAsync(key));

    /// <summary>Runs a script. The client sends its hash, and its text only where Redis doesn't know it.</summary>
    /// <exception cref="TimeoutException">Redis didn't respond in time; it may still run the script later.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or responded with an error.</exception>
    public Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, TimeSpan timeout) =>
        CallAsync("EVALSHA", timeout, database => database.ScriptEvaluateAsync(script, keys, arguments));

    /// <summary>The name of a channel for a script: the setting's <c>channelPrefix</c> is the client's to add, and it doesn't read scripts.</summary>
    public RedisValue ChannelInScript(string channel) =>
        (_channelPrefix ??= (string?)RedisAddress.Parse(settings.Redis!).ChannelPrefix ?? "") + channel;

    /// <summary>Subscribes to a channel, also across reconnects. Messages are handled one at a time, in the order in which they were sent.</summary>
    /// <exception cref="RedisException">Redis can't be reached. Nothing is subscribed to then, other channels included.</exception>
    public async Task SubscribeAsync(string channel, Action<string> handle)
    {
        var subscriber = (await ConnectAsync()).GetSubscriber();
        try
        {
            var messages = await subscriber.SubscribeAsync(RedisChannel.Literal(channel));
            messages.OnMessage(message => handle(message.Message.ToString()));
        }
        catch (RedisException)
        {
            // The client keeps a subscription that failed, and would collect its messages for a reader that it never gets.
            await subscriber.UnsubscribeAllAsync(CommandFlags.FireAndForget);
            throw;
        }
    }

    /// <summary>Publishes a message without waiting for the response.</summary>
    public async Task PublishAsync(string channel, string message) =>
        await (await ConnectAsync())
            .GetSubscriber()
            .PublishAsync(RedisChannel.Literal(channel), message, CommandFlags.FireAndForget);

    /// <summary>Whether Redis responds right now.</summary>
    public async Task<bool> IsRespondingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = await ConnectAsync().WaitAsync(HealthTimeout, cancellationToken);
            await client.GetDatabase().PingAsync().WaitAsync(HealthTimeout, cancellationToken);
            return true;
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            return false;
        }
    }

    /// <summary>Whether an exception means that Redis is unavailable, slow or set up otherwise than its address says, rather than a bug.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client is { IsCompletedSuccessfully: true } client)
        {
            await (await client).DisposeAsync();
        }
    }

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        if (_client is { IsFaulted: false, IsCanceled: false } client)
        {
            return client;
        }

        lock (_gate)
        {
            // A first attempt that failed is not the last.
            return _client is { IsFaulted: false, IsCanceled: false } first ? first : _client = ConnectOnceAsync();
        }
    }

    private async Task<ConnectionMultiplexer> ConnectOnceAsync()
    {
        // The client connects on the thread that asks for it.
        await Task.Yield();
        var client = await ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(settings.Redis!));
        client.ConnectionFailed += (_, _) => ConnectionLost?.Invoke(this, EventArgs.Empty);
        return client;
    }

    private async Task<T> CallAsync<T>(string command, TimeSpan timeout, Func<IDatabase, Task<T>> call)
    {
        var client = await ConnectAsync();
        using var span = RedisSpans.Start(command, client);
        try
        {
            return await call(client.GetDatabase()).WaitAsync(timeout);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }
}

/// <summary>Calls of Redis as spans (OpenTelemetry's conventions for databases); without keys and values, which belong to callers.</summary>
internal static class RedisSpans
{
    private static readonly ActivitySource Source = new("MarketsApi.Caching");

    /// <summary>Begins the span of a call, which becomes the current one; null without a listener.</summary>
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
