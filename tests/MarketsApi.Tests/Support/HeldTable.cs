using Npgsql;

namespace MarketsApi.Tests.Support;

/// <summary>Keeps the table of markets locked, so that every statement on it waits until this is disposed.</summary>
public sealed class HeldTable : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlConnection _holder;

    private HeldTable(TestDatabase database, NpgsqlConnection holder) => (_database, _holder) = (database, holder);

    /// <summary>Locks it.</summary>
    public static async Task<HeldTable> LockAsync(TestDatabase database)
    {
        var holder = await database.ConnectAsync();
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE markets IN ACCESS EXCLUSIVE MODE", holder);
        await command.ExecuteNonQueryAsync();
        return new HeldTable(database, holder);
    }

    /// <summary>Waits until so many statements wait for the table.</summary>
    public async Task UntilWaitingAsync(int count)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            if (await CountWaitingAsync() == count)
            {
                return;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"{await CountWaitingAsync()} statements wait for the table, not {count}.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private async Task<long> CountWaitingAsync() =>
        (
            await _database.QueryAsync<long>(
                """
                SELECT count(*)
                FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
                """
            )
        ).Single();
}
