using Npgsql;
using NpgsqlTypes;

namespace MarketsApi.Infrastructure.Postgres;

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
