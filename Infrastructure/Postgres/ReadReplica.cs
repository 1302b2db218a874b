using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A standby of the database that serves reads while it is available and has all that was committed before the read was requested.</summary>
/// <remarks>
/// Each read compares how far the primary has written with how far the standby has applied that, on the connection that the read then uses, so that
/// it makes no difference to callers and caches which of the two serves a read. While the standby is unavailable or behind, no read tries it; a look
/// of this class's own, once a second, finds it again.
/// </remarks>
internal sealed partial class ReadReplica(
    NpgsqlDataSource? source,
    WalPosition position,
    DatabaseReadiness readiness,
    DatabaseSettings settings,
    ReadReplicaMetrics metrics,
    TimeProvider clock,
    ILoggerFactory loggers
) : BackgroundService
{
    /// <summary>A server that is not a standby has everything. Null, which is never enough, where the standby has applied nothing yet.</summary>
    private const string SelectApplied = """
        SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE 'FFFFFFFF/FFFFFFFF'::pg_lsn END
        """;

    private const int TimeoutSeconds = 1;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger<ReadReplica>();
    private readonly ConnectionLimiter? _limiter = source is null
        ? null
        : new ConnectionLimiter(source, settings, clock, loggers.CreateLogger<ConnectionLimiter>());
    private readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(settings.ReaderWaitMilliseconds);
    private volatile bool _isUsed;
    private volatile string? _reason;

    /// <summary>Whether there is one.</summary>
    public bool IsConfigured => source is not null;

    /// <summary>Whether reads go to it.</summary>
    public bool IsUsed => _isUsed;

    /// <summary>Reads from the standby, or returns null: then the primary has to serve the read.</summary>
    public async Task<T?> TryAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> read,
        ConnectionUse use,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (!_isUsed)
        {
            return null;
        }

        try
        {
            await _limiter!.EnterAsync(use, cancellationToken);
        }
        catch (DatabaseBusyException)
        {
            // Perhaps the standby doesn't respond. The primary has a limit of its own.
            return null;
        }

        var isReading = false;
        try
        {
            var wanted = position.AskAsync();
            await using var connection = await source!.OpenConnectionAsync(cancellationToken);
            if (!await HasAllAsync(connection, wanted, cancellationToken))
            {
                return null;
            }

            isReading = true;
            return await read(connection, cancellationToken);
        }
        catch (Exception exception)
            when (isReading ? DatabaseRetries.IsWorthAnotherRead(exception) : IsConnectionError(exception))
        {
            if (!DatabaseErrors.IsConflict(exception))
            {
                Leave($"it doesn't respond: {exception.GetBaseException().Message}");
                source!.Clear();
            }

            return null;
        }
        finally
        {
            _limiter.Leave(use);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        source?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (source is null)
        {
            return;
        }

        metrics.SetUsed(false);
        await readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(BetweenLooks, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var wanted = position.AskAsync();
            await using var connection = await source!.OpenConnectionAsync(cancellationToken);
            if (await HasAllAsync(connection, wanted, cancellationToken))
            {
                Use(connection.Host!, connection.Port);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends.
        }
        catch (Exception exception) when (IsConnectionError(exception))
        {
            Leave($"it doesn't respond: {exception.GetBaseException().Message}");
            source!.Clear();
        }
    }

    /// <summary>Whether this connection's server has applied, or applies within a moment, all that the primary had written.</summary>
    private async Task<bool> HasAllAsync(
        NpgsqlConnection connection,
        Task<NpgsqlLogSequenceNumber?> asked,
        CancellationToken cancellationToken
    )
    {
        var applied = await AppliedAsync(connection, cancellationToken);
        if (await asked.WaitAsync(cancellationToken) is not { } wanted)
        {
            // No reason to leave the standby: the read that now goes to the primary reports the error.
            return false;
        }

        var started = clock.GetTimestamp();
        while (applied < wanted)
        {
            if (clock.GetElapsedTime(started) >= _longestWait)
            {
                Leave("it is behind");
                return false;
            }

            await Task.Delay(Poll, clock, cancellationToken);
            applied = await AppliedAsync(connection, cancellationToken);
        }

        return true;
    }

    private static async Task<NpgsqlLogSequenceNumber> AppliedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(SelectApplied, connection) { CommandTimeout = TimeoutSeconds };
        return await command.ExecuteScalarAsync(cancellationToken) as NpgsqlLogSequenceNumber? ?? default;
    }

    private static bool IsConnectionError(Exception exception) =>
        exception is NpgsqlException or SocketException or TimeoutException;

    private void Use(string host, int port)
    {
        _reason = null;
        if (!_isUsed)
        {
            _isUsed = true;
            metrics.SetUsed(true);
            LogUsed(host, port);
        }
    }

    /// <summary>Logs the reason once.</summary>
    private void Leave(string reason)
    {
        _isUsed = false;
        metrics.SetUsed(false);
        if (Interlocked.Exchange(ref _reason, reason) is null)
        {
            LogLeft(reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The read replica {host}:{port} is in use")]
    private partial void LogUsed(string host, int port);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The read replica is not used for now, and its reads go to the primary: {reason}"
    )]
    private partial void LogLeft(string reason);
}

/// <summary>The read replica's state, as a metric (meter MarketsApi.Database).</summary>
internal sealed class ReadReplicaMetrics
{
    private volatile int[] _isUsed = [];

    public ReadReplicaMetrics(IMeterFactory meters) =>
        meters
            .Create("MarketsApi.Database")
            .CreateObservableGauge(
                "database.reader.up",
                () => _isUsed.Select(isUsed => new Measurement<int>(isUsed)),
                "{state}",
                "Whether the read replica is in use: 0 when it is unavailable or behind; not reported without a replica."
            );

    public void SetUsed(bool isUsed) => _isUsed = [isUsed ? 1 : 0];
}

/// <summary>How far the primary's write-ahead log goes: what a standby has to have applied to know all that was committed.</summary>
/// <remarks>One question at a time: those who ask meanwhile share the next one, which is put after they came. It leaves out the line for connections, as the health check does.</remarks>
internal sealed class WalPosition(NpgsqlDataSource primary)
{
    /// <summary>What is committed is flushed before anybody sees it, unless commits don't wait for that.</summary>
    private const string Select = """
        SELECT CASE current_setting('synchronous_commit')
            WHEN 'off' THEN pg_current_wal_insert_lsn()
            ELSE pg_current_wal_flush_lsn()
        END
        """;

    private const int TimeoutSeconds = 2;

    private readonly Lock _gate = new();
    private Task _present = Task.CompletedTask;
    private Task<NpgsqlLogSequenceNumber?>? _next;

    /// <summary>The position, at the time of the call or later; null when the primary doesn't say.</summary>
    public Task<NpgsqlLogSequenceNumber?> AskAsync()
    {
        lock (_gate)
        {
            return _next ??= AskAfterAsync(_present);
        }
    }

    private async Task<NpgsqlLogSequenceNumber?> AskAfterAsync(Task present)
    {
        await present.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            // From here on it may be too early for those who come.
            _present = _next!;
            _next = null;
        }

        try
        {
            await using var command = primary.CreateCommand(Select);
            command.CommandTimeout = TimeoutSeconds;
            return (NpgsqlLogSequenceNumber?)await command.ExecuteScalarAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException || DatabaseErrors.IsUnavailable(exception))
        {
            return null;
        }
    }
}
