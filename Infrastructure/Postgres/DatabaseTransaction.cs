using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The statements of one transaction; see <see cref="Database.TransactAsync"/>.</summary>
public sealed class DatabaseTransaction
{
    private readonly NpgsqlTransaction _transaction;
    private readonly int _timeoutSeconds;
    private Opening? _opening;

    /// <param name="transaction">The transaction.</param>
    /// <param name="timeoutSeconds">The longest that one statement may take.</param>
    /// <param name="opening">What goes to the server in front of the first statement, in the same trip.</param>
    internal DatabaseTransaction(NpgsqlTransaction transaction, int timeoutSeconds, Opening? opening = null)
    {
        _transaction = transaction;
        _timeoutSeconds = timeoutSeconds;
        _opening = opening;
    }

    /// <summary>Whether nothing has been sent to the server yet.</summary>
    internal bool IsStillToOpen => _opening is not null;

    /// <summary>The one row of a statement, or null.</summary>
    public Task<T?> FindAsync<T>([ConstantExpected] string sql, object? parameters, CancellationToken cancellationToken)
        where T : class => RunAsync(sql, parameters, SqlMapper.QuerySingleOrDefaultAsync<T>, cancellationToken);

    /// <summary>The rows of a composed statement.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        SqlText sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => (await RunAsync(sql.ToString(), parameters, SqlMapper.QueryAsync<T>, cancellationToken)).AsList();

    /// <summary>A statement that changes something.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> ExecuteAsync(
        [ConstantExpected] string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => RunAsync(sql, parameters, SqlMapper.ExecuteAsync, cancellationToken);

    /// <summary>Runs a statement in whatever way its rows are wanted.</summary>
    internal Task<T> RunAsync<T>(
        string sql,
        object? parameters,
        Func<NpgsqlConnection, CommandDefinition, Task<T>> run,
        CancellationToken cancellationToken
    ) => run(_transaction.Connection!, Command(sql, parameters, cancellationToken));

    /// <summary>Two statements in one trip; no two of their parameters may have the same name.</summary>
    internal static (string Sql, object Parameters) SentTogether(
        string firstSql,
        object? firstParameters,
        string secondSql,
        object? secondParameters
    )
    {
        var both = new DynamicParameters(firstParameters);
        both.AddDynamicParams(secondParameters);
        return ($"{firstSql};\n{secondSql}", both);
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken)
    {
        if (_opening is { } opening)
        {
            _opening = null;
            (sql, parameters) = SentTogether(opening.Sql, opening.Parameters, sql, parameters);
        }

        return new(sql, parameters, _transaction, _timeoutSeconds, cancellationToken: cancellationToken);
    }

    /// <summary>A statement that answers with no rows, and whose parameters have names of their own.</summary>
    internal sealed record Opening([ConstantExpected] string Sql, object Parameters);
}
