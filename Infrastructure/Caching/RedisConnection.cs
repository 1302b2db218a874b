using MarketsApi.Infrastructure.Database;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>The connection to Redis, if one is configured: made at first use, and mended by the client itself.</summary>
internal sealed class RedisConnection(ConnectionStringSettings settings) : IDisposable
{
    /// <summary>The client's asynchronous commands know no timeout of their own; a Redis that hangs must not hang its callers.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private readonly Lazy<Task<ConnectionMultiplexer>>? _connection = string.IsNullOrEmpty(settings.Redis)
        ? null
        : new(() => ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(settings.Redis)));

    /// <summary>Whether a Redis is configured at all.</summary>
    public bool IsConfigured => _connection is not null;

    /// <summary>Whether Redis answers right now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _connection!.Value.WaitAsync(Timeout, cancellationToken);
            await connection.GetDatabase().PingAsync().WaitAsync(Timeout, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connection is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var connection } })
        {
            connection.Dispose();
        }
    }
}
