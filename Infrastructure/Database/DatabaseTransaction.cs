using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace MarketsApi.Infrastructure.Database;

/// <summary>The statements of one transaction; see <see cref="Database.TransactAsync"/>.</summary>
public sealed class DatabaseTransaction
{
    private readonly NpgsqlTransaction _transaction;
    private readonly int _timeoutSeconds;

    internal DatabaseTransaction(NpgsqlTransaction transaction, int timeoutSeconds)
    {
        _transaction = transaction;
        _timeoutSeconds = timeoutSeconds;
    }

    /// <summary>The one row of a statement, or null.</summary>
    public Task<T?> FindAsync<T>([ConstantExpected] string sql, object? parameters, CancellationToken cancellationToken)
        where T : class =>
        _transaction.Connection!.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, cancellationToken));

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
    ) => _transaction.Connection!.ExecuteAsync(Command(sql, parameters, cancellationToken));

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, _transaction, _timeoutSeconds, cancellationToken: cancellationToken);
}
