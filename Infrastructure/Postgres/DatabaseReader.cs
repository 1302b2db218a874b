using System.Diagnostics.CodeAnalysis;
using Dapper;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The database for slices whose reads a read replica may serve, lists and searches; the same as <see cref="Database"/> where none is configured.</summary>
/// <remarks>What it returns is no older than what the primary would return.</remarks>
public sealed class DatabaseReader : DatabaseReads
{
    private const string PlanByValues = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";

    private readonly Database _database;
    private readonly ReadReplica? _replica;
    private readonly int _timeoutSeconds;
    private readonly ConnectionUse _use;

    internal DatabaseReader(Database database, ReadReplica? replica, DatabaseSettings settings)
        : this(
            database,
            replica is { IsConfigured: true } ? replica : null,
            settings.CommandTimeoutSeconds,
            ConnectionUse.OfProgram
        ) { }

    private DatabaseReader(Database database, ReadReplica? replica, int timeoutSeconds, ConnectionUse use) =>
        (_database, _replica, _timeoutSeconds, _use) = (database, replica, timeoutSeconds, use);

    /// <summary>Binds a handler's parameter: the connections count for the caller of the request.</summary>
    public static ValueTask<DatabaseReader?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<DatabaseReader?>(
            context.RequestServices.GetRequiredService<DatabaseReader>().For(ConnectionUse.Of(context))
        );

    /// <summary>The same with connections that count for another caller.</summary>
    internal DatabaseReader For(ConnectionUse use) => new(_database.For(use), _replica, _timeoutSeconds, use);

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
                _use,
                cancellationToken
            );
        }

        return result ?? await _database.TransactAsync(work, cancellationToken);
    }

    /// <summary>The rows of a composed statement that is planned anew for these values: for one whose plan has to be another for others.</summary>
    public Task<IReadOnlyList<T>> QueryPlannedByValuesAsync<T>(
        SqlText sql,
        object? parameters,
        CancellationToken cancellationToken
    ) =>
        TransactAsync(
            async (transaction, token) =>
            {
                await transaction.ExecuteAsync(PlanByValues, null, token);
                return await transaction.QueryAsync<T>(sql, parameters, token);
            },
            cancellationToken
        );

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
            _use,
            cancellationToken
        ) ?? await _database.ReadAsync<T>(sql, parameters, cancellationToken);
}

/// <summary>What slices read with, from the primary or a replica: <see cref="Database"/> and <see cref="DatabaseReader"/>.</summary>
public abstract class DatabaseReads
{
    private protected DatabaseReads() { }

    /// <summary>The rows of a statement that changes nothing; tried again when the connection breaks.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => ReadAsync<T>(sql, parameters, cancellationToken);

    /// <summary>The rows of a composed statement that changes nothing; tried again when the connection breaks.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(SqlText sql, object? parameters, CancellationToken cancellationToken) =>
        ReadAsync<T>(sql.ToString(), parameters, cancellationToken);

    /// <summary>The one row of a statement that changes nothing, or null; tried again when the connection breaks.</summary>
    /// <exception cref="InvalidOperationException">There are several rows.</exception>
    public async Task<T?> QuerySingleOrDefaultAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class => (await ReadAsync<T>(sql, parameters, cancellationToken)).SingleOrDefault();

    /// <summary>The one row of a statement that changes nothing and always has one; tried again when the connection breaks.</summary>
    public async Task<T> QuerySingleAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class => (await ReadAsync<T>(sql, parameters, cancellationToken)).Single();

    internal abstract Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    );
}
