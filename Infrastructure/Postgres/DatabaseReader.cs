using Dapper;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The database for slices whose reads a read replica may serve, lists and searches; the same as <see cref="Database"/> where none is configured.</summary>
/// <remarks>What it returns is no older than what the primary would return.</remarks>
public sealed class DatabaseReader : DatabaseReads
{
    private readonly Database _database;
    private readonly ReadReplica? _replica;
    private readonly int _timeoutSeconds;

    internal DatabaseReader(Database database, ReadReplica? replica, DatabaseSettings settings)
    {
        _database = database;
        _replica = replica is { IsConfigured: true } ? replica : null;
        _timeoutSeconds = settings.CommandTimeoutSeconds;
    }

    /// <summary>Several statements in one transaction, none of which changes more than a setting of that.</summary>
    public async Task<T> TransactAsync<T>(
        Func<DatabaseTransaction, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
        where T : class
    {
        T? result = null;
        if (_replica is not null)
        {
            result = await _replica.TryAsync(
                async (connection, token) =>
                {
                    await using var transaction = await connection.BeginTransactionAsync(token);
                    var rows = await work(new DatabaseTransaction(transaction, _timeoutSeconds), token);
                    await transaction.CommitAsync(token);
                    return rows;
                },
                cancellationToken
            );
        }

        return result ?? await _database.TransactAsync(work, cancellationToken);
    }

    internal override Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) =>
        _replica is null
            ? _database.ReadAsync<T>(sql, parameters, cancellationToken)
            : ReadWhereItCanBeAsync<T>(_replica, sql, parameters, cancellationToken);

    private async Task<IReadOnlyList<T>> ReadWhereItCanBeAsync<T>(
        ReadReplica replica,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) =>
        await replica.TryAsync<IReadOnlyList<T>>(
            async (connection, token) =>
                (
                    await connection.QueryAsync<T>(
                        new CommandDefinition(sql, parameters, null, _timeoutSeconds, cancellationToken: token)
                    )
                ).AsList(),
            cancellationToken
        ) ?? await _database.ReadAsync<T>(sql, parameters, cancellationToken);
}
