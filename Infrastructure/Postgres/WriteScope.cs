using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A transaction that everything joins which the code inside asks of the <see cref="Database"/>, so that something can be stored together with it.</summary>
internal sealed class WriteScope
{
    private static readonly AsyncLocal<WriteScope?> Ambient = new();

    private readonly List<Func<Task>> _whenCommitted = [];
    private readonly List<Func<Task>> _whenInDoubt = [];

    private (string Sql, object? Parameters)? _last;

    private WriteScope(DatabaseTransaction transaction) => Transaction = transaction;

    /// <summary>The scope that the running code is in, if any.</summary>
    public static WriteScope? Current => Ambient.Value;

    private DatabaseTransaction Transaction { get; }

    /// <summary>Enters a scope: the calling asynchronous method, and what it calls, are inside until it returns.</summary>
    public static WriteScope Enter(DatabaseTransaction transaction) => Ambient.Value = new WriteScope(transaction);

    /// <summary>Leaves it, for work that others wait for as well.</summary>
    public static void Leave() => Ambient.Value = null;

    /// <summary>Does what may only be done once the writes are committed: at once when they are, which is so outside any scope.</summary>
    public static Task WhenCommittedAsync(Func<Task> act)
    {
        if (Current is not { } scope)
        {
            return act();
        }

        scope._whenCommitted.Add(act);
        return Task.CompletedTask;
    }

    /// <summary>What to do if nobody can say whether the writes were committed.</summary>
    public static void WhenInDoubt(Func<Task> act) => Current?._whenInDoubt.Add(act);

    /// <summary>The transaction, with all that the code inside has asked for; whoever entered the scope commits it.</summary>
    public async Task<DatabaseTransaction> OpenAsync(CancellationToken cancellationToken)
    {
        if (_last is var (sql, parameters))
        {
            _last = null;
            await Transaction.RunAsync(sql, parameters, SqlMapper.ExecuteAsync, cancellationToken);
        }

        return Transaction;
    }

    /// <summary>Runs a statement of the code inside.</summary>
    public async Task<T> RunAsync<T>(
        string sql,
        object? parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<T>> run,
        CancellationToken cancellationToken
    ) => await (await OpenAsync(cancellationToken)).RunAsync(sql, parameters, run, cancellationToken);

    /// <summary>Takes a statement that nobody waits for: it is sent with the next one, or with what ends the scope.</summary>
    public async Task DeferAsync(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        _last = (sql, parameters);
    }

    /// <summary>Runs the statement that ends the scope, whose parameters have names that no other has.</summary>
    public Task EndAsync([ConstantExpected] string sql, object parameters, CancellationToken cancellationToken)
    {
        var (endSql, endParameters) = _last is var (lastSql, lastParameters)
            ? DatabaseTransaction.SentTogether(lastSql, lastParameters, sql, parameters)
            : (sql, parameters);
        return Transaction.RunAsync(endSql, endParameters, SqlMapper.ExecuteAsync, cancellationToken);
    }

    /// <summary>To be called after the commit.</summary>
    public Task CommittedAsync() => RunAsync(_whenCommitted);

    /// <summary>To be called when the commit failed in a way that leaves it open.</summary>
    public Task InDoubtAsync() => RunAsync(_whenInDoubt);

    private static async Task RunAsync(List<Func<Task>> acts)
    {
        Leave();
        foreach (var act in acts)
        {
            await act();
        }
    }
}
