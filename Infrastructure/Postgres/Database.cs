using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;
using Polly;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The database, for slices: hand-written SQL in, rows out. Every call can be cancelled and has a time limit.</summary>
/// <remarks>SQL text must be a constant (CA1857), so that what a caller sends can only ever be a parameter.</remarks>
public sealed class Database : DatabaseReads
{
    /// <summary>The key of the service that jobs take (<c>[FromKeyedServices(Database.ForJobs)]</c>): it waits for a connection for as long as it takes.</summary>
    public const string ForJobs = "jobs";

    /// <summary>For this statement's transaction.</summary>
    private const string LimitLockWait = "SELECT set_config('lock_timeout', '200ms', true)";

    private readonly NpgsqlDataSource _source;
    private readonly ConnectionLimiter _limiter;
    private readonly ConnectionUse _use;
    private readonly WriteBatcher _batcher;
    private readonly int _timeoutSeconds;
    private readonly ResiliencePipeline _reads;
    private readonly ResiliencePipeline _writes;
    private readonly ResiliencePipeline _connecting;

    internal Database(
        NpgsqlDataSource source,
        ConnectionLimiter limiter,
        WriteBatcher batcher,
        DatabaseSettings settings,
        ConnectionUse use
    )
    {
        _source = source;
        _limiter = limiter;
        _batcher = batcher;
        _use = use;
        _timeoutSeconds = settings.CommandTimeoutSeconds;
        // A restarted server leaves the whole pool broken; emptying it spares the next tries the same error.
        _reads = DatabaseRetries.ForReads(source.Clear);
        _writes = DatabaseRetries.ForWrites();
        _connecting = DatabaseRetries.ForConnecting(source.Clear);
    }

    private Database(Database other, ConnectionUse use)
    {
        (_source, _limiter, _batcher) = (other._source, other._limiter, other._batcher);
        _timeoutSeconds = other._timeoutSeconds;
        (_reads, _writes, _connecting) = (other._reads, other._writes, other._connecting);
        _use = use;
    }

    /// <summary>Binds a handler's parameter: the connections count for the caller of the request.</summary>
    public static ValueTask<Database?> BindAsync(HttpContext context) => ValueTask.FromResult<Database?>(Of(context));

    /// <summary>The database whose connections count for the caller of this request.</summary>
    public static Database Of(HttpContext context) =>
        context.RequestServices.GetRequiredService<Database>().For(ConnectionUse.Of(context));

    /// <summary>The same database with connections that count for another caller.</summary>
    internal Database For(ConnectionUse use) => new(this, use);

    /// <summary>One statement that changes something, which is a transaction by itself.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => ExecuteTextAsync(sql, parameters, cancellationToken);

    /// <summary>One statement that changes something, with the row of its RETURNING, or null.</summary>
    /// <remarks>Unlike <see cref="DatabaseReads.QuerySingleOrDefaultAsync"/> it is never sent again after a connection broke: it may have been done.</remarks>
    public Task<T?> ExecuteReturningSingleOrDefaultAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class => WriteAsync(sql, parameters, SqlMapper.QuerySingleOrDefaultAsync<T>, cancellationToken);

    /// <summary>One statement that changes something, with the rows of its RETURNING.</summary>
    /// <remarks>Unlike <see cref="DatabaseReads.QueryAsync{T}(string, object?, CancellationToken)"/> it is never sent again after a connection broke: it may have been done.</remarks>
    public async Task<IReadOnlyList<T>> ExecuteReturningAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => (await WriteAsync(sql, parameters, SqlMapper.QueryAsync<T>, cancellationToken)).AsList();

    /// <summary>Writes a row by each of these statements, all of them or none; alone or in one batch with other requests' rows for the same statements.</summary>
    /// <remarks>One statement is tried again when the server undid it because of another transaction. No two statements have a parameter of the same name.</remarks>
    internal Task ExecuteRowsAsync(IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) =>
        _batcher.SendAsync<object>(
            RowWrite.KeyOf(writes),
            writes,
            _use.Caller,
            async (batch, token) =>
            {
                await using var held = await HoldAsync(ConnectionUse.OfProgram, token);
                await held.Connection.ExecuteAsync(
                    BatchCommand(RowWrite.Join([.. batch.Cast<IReadOnlyList<RowWrite>>()]), token)
                );
                return [.. batch];
            },
            async () =>
                writes is [var write]
                    ? await ExecuteTextAsync(write.Sql, RowParameters.Of(write.Row), cancellationToken)
                    : await ExecuteOnceAsync(RowWrite.Join([writes]), cancellationToken),
            cancellationToken
        );

    /// <summary>Writes a row by a statement that takes any number of rows, alone or in one batch with other requests' rows.</summary>
    /// <param name="sql">The statement, each parameter of which is an array with one value for each row: <c>unnest(@Id::uuid[], @Name::text[]) WITH ORDINALITY</c>.</param>
    /// <param name="row">An object with a property for each parameter.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What the statement returns for the row; null when it returns nothing for it.</returns>
    public Task<T?> ExecuteReturningRowAsync<T>(
        [ConstantExpected] string sql,
        object row,
        CancellationToken cancellationToken
    )
        where T : class, IRowResult =>
        _batcher.SendAsync(
            new RowWrite.Key(sql, 1),
            row,
            _use.Caller,
            async (rows, token) =>
            {
                await using var held = await HoldAsync(ConnectionUse.OfProgram, token);
                using var results = await held.Connection.QueryMultipleAsync(
                    BatchCommand((sql, RowParameters.Of(rows)), token)
                );
                await results.ReadAsync();
                var ofRows = new T?[rows.Count];
                foreach (var result in await results.ReadAsync<T>())
                {
                    ofRows[result.RowNumber - 1] = result;
                }

                return ofRows;
            },
            () => WriteAsync(sql, RowParameters.Of(row), SqlMapper.QuerySingleOrDefaultAsync<T?>, cancellationToken),
            cancellationToken
        );

    /// <summary>Several statements as one: all of them or, when the work throws or doesn't call for more, none.</summary>
    /// <remarks>The work runs again from its start when the server undid it because of another transaction: keep it free of other effects.</remarks>
    public async Task<T> TransactAsync<T>(
        Func<DatabaseTransaction, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    ) =>
        await _writes.ExecuteAsync(
            async token =>
            {
                await using var transaction = await BeginAsync(token);
                var result = await work(transaction, token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken
        );

    /// <summary>A transaction that the caller commits and disposes.</summary>
    /// <exception cref="DatabaseBusyException">The connections that the caller can have are in use, and stay so.</exception>
    internal async Task<DatabaseTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var held = await HoldAsync(cancellationToken);
        try
        {
            return new DatabaseTransaction(
                await held.Connection.BeginTransactionAsync(cancellationToken),
                _timeoutSeconds,
                held
            );
        }
        catch (Exception)
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>A statement whose text was found to be constant where it was taken.</summary>
    internal Task<int> ExecuteTextAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        WriteAsync(sql, parameters, SqlMapper.ExecuteAsync, cancellationToken);

    private async Task<object> ExecuteOnceAsync(
        (string Sql, object Parameters) joined,
        CancellationToken cancellationToken
    )
    {
        await using var held = await HoldAsync(cancellationToken);
        return await held.Connection.ExecuteAsync(Command(joined.Sql, joined.Parameters, cancellationToken));
    }

    /// <summary>A connection of its own, for a verb's work beyond rows and statements (COPY, temporary tables).</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        await _connecting.ExecuteAsync(
            static async (source, token) => await source.OpenConnectionAsync(token),
            _source,
            cancellationToken
        );

    private Task<HeldConnection> HoldAsync(CancellationToken cancellationToken) => HoldAsync(_use, cancellationToken);

    private async Task<HeldConnection> HoldAsync(ConnectionUse use, CancellationToken cancellationToken)
    {
        await _limiter.EnterAsync(use, cancellationToken);
        try
        {
            return new HeldConnection(await OpenAsync(cancellationToken), _limiter, use);
        }
        catch (Exception)
        {
            _limiter.Leave(use);
            throw;
        }
    }

    private Task<T> WriteAsync<T>(
        string sql,
        object? parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<T>> run,
        CancellationToken cancellationToken
    ) =>
        _writes
            .ExecuteAsync(
                async token =>
                {
                    await using var held = await HoldAsync(token);
                    return await run(held.Connection, Command(sql, parameters, token));
                },
                cancellationToken
            )
            .AsTask();

    /// <summary>Tries once by itself: nearly always that is all, and the machinery of another try is only paid for when it is needed.</summary>
    internal override async Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ReadOnceAsync<T>(sql, parameters, cancellationToken);
        }
        catch (Exception exception) when (DatabaseRetries.IsWorthAnotherRead(exception))
        {
            if (DatabaseErrors.IsBrokenConnection(exception))
            {
                _source.Clear();
            }
        }

        return await _reads.ExecuteAsync(
            static async (state, token) => await state.Database.ReadOnceAsync<T>(state.Sql, state.Parameters, token),
            (Database: this, Sql: sql, Parameters: parameters),
            cancellationToken
        );
    }

    private async Task<IReadOnlyList<T>> ReadOnceAsync<T>(
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
    {
        await _limiter.EnterAsync(_use, cancellationToken);
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            var rows = await connection.QueryAsync<T>(Command(sql, parameters, cancellationToken));
            return rows.AsList();
        }
        finally
        {
            _limiter.Leave(_use);
        }
    }

    /// <summary>For several requests' rows: a statement that waits for a lock soon gives up, since all of them wait with it.</summary>
    private CommandDefinition BatchCommand(
        (string Sql, object Parameters) batch,
        CancellationToken cancellationToken
    ) => Command($"{LimitLockWait};\n{batch.Sql}", batch.Parameters, cancellationToken);

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, null, _timeoutSeconds, cancellationToken: cancellationToken);
}
