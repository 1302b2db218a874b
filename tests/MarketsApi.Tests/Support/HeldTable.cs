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
    public Task UntilWaitingAsync(int count) => UntilWaitingAsync(_database, count);

    /// <summary>Waits until so many statements wait for locks.</summary>
    public static async Task UntilWaitingAsync(TestDatabase database, int count)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            if (await CountWaitingAsync(database) == count)
            {
                return;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"{await CountWaitingAsync(database)} statements wait for locks, not {count}.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private static async Task<long> CountWaitingAsync(TestDatabase database) =>
        (
            await database.QueryAsync<long>(
                """
                SELECT count(*)
                FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
                """
            )
        ).Single();
}
