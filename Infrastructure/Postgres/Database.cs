using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;
using Polly;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The database, for slices: hand-written SQL in, rows out. Every call can be cancelled and has a time limit.</summary>
/// <remarks>
/// SQL text must be a constant (CA1857), so that what a caller sends can only ever be a parameter. Inside a <see cref="WriteScope"/> all
/// statements are part of its transaction, and whoever entered it tries again.
/// </remarks>
public sealed class Database : DatabaseReads
{
    private readonly NpgsqlDataSource _source;
    private readonly ConnectionLimiter _gate;
    private readonly int _timeoutSeconds;
    private readonly ResiliencePipeline _reads;
    private readonly ResiliencePipeline _writes;
    private readonly ResiliencePipeline _connecting;

    internal Database(NpgsqlDataSource source, ConnectionLimiter gate, DatabaseSettings settings)
    {
        _source = source;
        _gate = gate;
        _timeoutSeconds = settings.CommandTimeoutSeconds;
        // A restarted server leaves the whole pool broken; emptying it spares the next tries the same fault.
        _reads = DatabaseRetries.ForReads(source.Clear);
        _writes = DatabaseRetries.ForWrites();
        _connecting = DatabaseRetries.ForConnecting(source.Clear);
    }

    /// <summary>One statement that changes something, which is a transaction by itself.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => RunAsync(sql, parameters, SqlMapper.ExecuteAsync, cancellationToken);

    /// <summary>One statement that changes something, the last one of a request, and that either does all or fails.</summary>
    /// <remarks>Inside a <see cref="WriteScope"/> it goes to the server together with what ends that.</remarks>
    public Task WriteAsync([ConstantExpected] string sql, object? parameters, CancellationToken cancellationToken) =>
        WriteScope.Current is { } scope
            ? scope.DeferAsync(sql, parameters, cancellationToken)
            : ExecuteAsync(sql, parameters, cancellationToken);

    /// <summary>One statement that changes something and answers with a row, or null when it answers with none.</summary>
    public Task<T?> ExecuteAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class => RunAsync(sql, parameters, SqlMapper.QuerySingleOrDefaultAsync<T>, cancellationToken);

    /// <summary>One statement that changes something and answers with rows.</summary>
    public async Task<IReadOnlyList<T>> ChangeAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => (await RunAsync(sql, parameters, SqlMapper.QueryAsync<T>, cancellationToken)).AsList();

    /// <summary>Several statements as one: all of them or, when the work throws or doesn't call for more, none.</summary>
    /// <remarks>The work runs again from its start when the server undid it because of another transaction: keep it free of other effects.</remarks>
    public async Task<T> TransactAsync<T>(
        Func<DatabaseTransaction, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    ) =>
        WriteScope.Current is { } scope
            ? await work(await scope.OpenAsync(cancellationToken), cancellationToken)
            : await _writes.ExecuteAsync(
                async token =>
                {
                    await using var held = await HoldAsync(token);
                    await using var transaction = await held.Connection.BeginTransactionAsync(token);
                    var result = await work(new DatabaseTransaction(transaction, _timeoutSeconds), token);
                    await transaction.CommitAsync(token);
                    return result;
                },
                cancellationToken
            );

    /// <summary>A connection for a request's or a job's transaction, once it is its turn.</summary>
    /// <exception cref="DatabaseBusyException">All connections are in use, and stay so.</exception>
    internal async Task<HeldConnection> HoldAsync(CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(cancellationToken);
        try
        {
            return new HeldConnection(await OpenAsync(cancellationToken), _gate);
        }
        catch (Exception)
        {
            _gate.Leave();
            throw;
        }
    }

    /// <summary>A connection of its own, for a verb's work beyond rows and statements (COPY, temporary tables).</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        await _connecting.ExecuteAsync(
            static async (source, token) => await source.OpenConnectionAsync(token),
            _source,
            cancellationToken
        );

    private Task<T> RunAsync<T>(
        string sql,
        object? parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<T>> run,
        CancellationToken cancellationToken
    ) =>
        WriteScope.Current is { } scope
            ? scope.RunAsync(sql, parameters, run, cancellationToken)
            : _writes
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
        if (WriteScope.Current is { } scope)
        {
            return (await scope.RunAsync(sql, parameters, SqlMapper.QueryAsync<T>, cancellationToken)).AsList();
        }

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
        await _gate.EnterAsync(cancellationToken);
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            var rows = await connection.QueryAsync<T>(Command(sql, parameters, cancellationToken));
            return rows.AsList();
        }
        finally
        {
            _gate.Leave();
        }
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, null, _timeoutSeconds, cancellationToken: cancellationToken);
}
