using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The statements of one transaction; see <see cref="Database.TransactAsync"/>. Disposing undoes what was not committed.</summary>
public sealed class DatabaseTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;
    private readonly int _timeoutSeconds;
    private readonly IAsyncDisposable? _connection;

    /// <param name="transaction">The transaction.</param>
    /// <param name="timeoutSeconds">The longest that one statement may take.</param>
    /// <param name="connection">What is given back when the transaction has ended.</param>
    internal DatabaseTransaction(
        NpgsqlTransaction transaction,
        int timeoutSeconds,
        IAsyncDisposable? connection = null
    ) => (_transaction, _timeoutSeconds, _connection) = (transaction, timeoutSeconds, connection);

    /// <summary>The one row of a statement, or null.</summary>
    public Task<T?> QuerySingleOrDefaultAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where T : class =>
        _transaction.Connection!.QuerySingleOrDefaultAsync<T?>(Command(sql, parameters, cancellationToken));

    /// <summary>The rows of a statement.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => (await _transaction.Connection!.QueryAsync<T>(Command(sql, parameters, cancellationToken))).AsList();

    /// <summary>The rows of a composed statement.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        SqlText sql,
        object? parameters,
        CancellationToken cancellationToken
    ) =>
        (await _transaction.Connection!.QueryAsync<T>(Command(sql.ToString(), parameters, cancellationToken))).AsList();

    /// <summary>A statement that changes something.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => ExecuteTextAsync(sql, parameters, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _transaction.DisposeAsync();
        }
        finally
        {
            if (_connection is not null)
            {
                await _connection.DisposeAsync();
            }
        }
    }

    /// <summary>A statement whose text was found to be constant where it was taken.</summary>
    internal Task<int> ExecuteTextAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        _transaction.Connection!.ExecuteAsync(Command(sql, parameters, cancellationToken));

    internal Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, _transaction, _timeoutSeconds, cancellationToken: cancellationToken);
}
