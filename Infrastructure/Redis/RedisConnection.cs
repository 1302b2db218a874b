using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Observability;
using MarketsApi.Infrastructure.Settings;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>The connection to Redis, if one is configured: made at first use, mended by the client itself, and replaced by <see cref="RedisWatch"/> where the client can't.</summary>
internal sealed class RedisConnection(ConnectionStringSettings settings, CacheSettings caching) : IDisposable
{
    /// <summary>How long somebody waits who only wants to know whether Redis is there: well within what probes wait.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private readonly Lazy<Task<ConnectionMultiplexer>>? _first = string.IsNullOrEmpty(settings.Redis)
        ? null
        : new(() => ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(settings.Redis!)));

    private volatile Task<ConnectionMultiplexer>? _replacement;

    /// <summary>Another client is in use from now on, to which nothing is subscribed yet; the one before it is about to be closed.</summary>
    public event EventHandler? Replaced;

    /// <summary>Whether a Redis is configured at all.</summary>
    public bool IsConfigured => _first is not null;

    /// <summary>The client.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() => _replacement ?? _first!.Value;

    /// <summary>The value of a key, within the time that a request has for Redis; null when there is none.</summary>
    /// <exception cref="TimeoutException">Redis didn't answer in time.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or refuses.</exception>
    public async Task<byte[]?> GetAsync(RedisKey key) =>
        await AskAsync("GET", caching.RedisTimeout, database => database.StringGetAsync(key));

    /// <summary>Runs a script, within the time that a request has for Redis.</summary>
    /// <remarks>The text goes along each time: a script that is called by its hash is unknown after a restart or a flush.</remarks>
    /// <exception cref="TimeoutException">Redis didn't answer in time; it may still act on the script later.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or refuses.</exception>
    public Task<RedisResult> RunAsync(string script, RedisKey key, params object[] arguments) =>
        RunWithinAsync(caching.RedisTimeout, script, key, arguments);

    /// <summary>Runs a script for which nobody's request waits.</summary>
    /// <exception cref="TimeoutException">Redis didn't answer in time; it may still act on the script later.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or refuses.</exception>
    public Task<RedisResult> RunPatientlyAsync(
        TimeSpan patience,
        string script,
        RedisKey key,
        params object[] arguments
    ) => RunWithinAsync(patience, script, key, arguments);

    /// <summary>Runs a script by its hash (SHA-1 in hexadecimal), and by its text where that isn't known yet.</summary>
    /// <exception cref="TimeoutException">Redis didn't answer in time; it may still act on the script later.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or refuses.</exception>
    public async Task<RedisResult> RunKnownAsync(
        TimeSpan timeout,
        string script,
        string hash,
        RedisKey[] keys,
        object[] arguments
    )
    {
        var database = (await ConnectAsync()).GetDatabase();
        object[] rest = [keys.Length, .. keys, .. arguments];
        try
        {
            return await WithinAsync(timeout, database.ExecuteAsync("EVALSHA", [hash, .. rest]));
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await WithinAsync(timeout, database.ExecuteAsync("EVAL", [script, .. rest]));
        }
    }

    /// <summary>Has a script run for whose result nobody waits.</summary>
    public async Task SendAsync(string script, RedisKey[] keys, object[] arguments) =>
        await (await ConnectAsync())
            .GetDatabase()
            .ExecuteAsync("EVAL", [script, keys.Length, .. keys, .. arguments], CommandFlags.FireAndForget);

    /// <summary>Whether Redis answers right now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync().WaitAsync(Glance, cancellationToken);
            await connection.GetDatabase().PingAsync().WaitAsync(Glance, cancellationToken);
            return true;
        }
        catch (Exception exception) when (RedisErrors.IsOutage(exception))
        {
            return false;
        }
    }

    /// <summary>Whether Redis answers on both connections of the client, the one for commands and the one for subscriptions.</summary>
    public async Task<bool> AnswersOnBothAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync().WaitAsync(Glance, cancellationToken);
            await connection.GetSubscriber().PingAsync().WaitAsync(Glance, cancellationToken);
            return await AnswersAsync(cancellationToken);
        }
        catch (Exception exception) when (RedisErrors.IsOutage(exception))
        {
            return false;
        }
    }

    /// <summary>Puts a new client in the place of the present one, unless it can't reach Redis either.</summary>
    /// <exception cref="RedisConnectionException">It can't.</exception>
    public async Task ReplaceAsync()
    {
        var options = RedisAddress.Parse(settings.Redis!);
        options.AbortOnConnectFail = true;
        var client = await ConnectionMultiplexer.ConnectAsync(options);
        var former = await ConnectAsync();
        _replacement = Task.FromResult(client);
        Replaced?.Invoke(this, EventArgs.Empty);
        former.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (
            (_replacement ?? (_first is { IsValueCreated: true } ? _first.Value : null)) is
            { IsCompletedSuccessfully: true, Result: var connection }
        )
        {
            connection.Dispose();
        }
    }

    private static async Task<RedisResult> WithinAsync(TimeSpan timeout, Task<RedisResult> answering)
    {
        try
        {
            return await answering.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            // Where this process was the busy one, the answer is there and waits for its turn.
            for (var turn = 0; turn < 4 && !answering.IsCompleted; turn++)
            {
                await Task.Yield();
            }

            if (!answering.IsCompletedSuccessfully)
            {
                throw;
            }

            return await answering;
        }
    }

    private Task<RedisResult> RunWithinAsync(TimeSpan timeout, string script, RedisKey key, object[] arguments) =>
        AskAsync("EVAL", timeout, database => database.ExecuteAsync("EVAL", [script, 1, key, .. arguments]));

    private async Task<T> AskAsync<T>(string command, TimeSpan timeout, Func<IDatabase, Task<T>> ask)
    {
        var connection = await ConnectAsync();
        using var span = RedisSpans.Start(command, connection);
        try
        {
            return await ask(connection.GetDatabase()).WaitAsync(timeout);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }
}
