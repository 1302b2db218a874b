using Dapper;
using Npgsql;

namespace MarketsApi.Features.Shared.Search;

/// <summary>The extension pgvector, where the database has it: the same signs are then found by an index instead of compared one by one.</summary>
internal sealed partial class VectorExtension(NpgsqlDataSource source, ILogger<VectorExtension> logger)
{
    /// <summary>The first version whose index goes on until enough rows have passed the other conditions.</summary>
    private static readonly Version Oldest = new(0, 8);

    private static readonly TimeSpan OthersTurn = TimeSpan.FromSeconds(5);

    private volatile bool _isUsed;

    /// <summary>Whether searches use its index.</summary>
    public bool IsUsed => _isUsed;

    /// <summary>How the statement that finds neighbours puts them in order.</summary>
    public SqlFragment Order =>
        _isUsed ? new SqlFragment(VectorSql.ByIndex) : new SqlFragment(VectorSql.ByComparingAll);

    /// <summary>Runs a statement with that order.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(
        DatabaseReader database,
        SqlText sql,
        object parameters,
        CancellationToken cancellationToken
    ) =>
        !_isUsed
            ? database.QueryAsync<T>(sql, parameters, cancellationToken)
            : database.TransactAsync(
                async (transaction, token) =>
                {
                    await transaction.ExecuteAsync(VectorSql.SearchWidely, null, token);
                    return await transaction.QueryAsync<T>(sql, parameters, token);
                },
                cancellationToken
            );

    /// <summary>Looks for the extension and, where it is, sees to its index; searches compare all signs until that is ready.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var version = await connection.ExecuteScalarAsync<string>(
            Command(VectorSql.SelectExtension, cancellationToken)
        );
        if (version is null)
        {
            LogComparing();
            return;
        }

        if (!Version.TryParse(version, out var parsed) || parsed < Oldest)
        {
            LogTooOld(version, Oldest);
            return;
        }

        while (!await HasIndexAsync(connection, cancellationToken))
        {
            if (await connection.ExecuteScalarAsync<bool>(Command(VectorSql.TryLock, cancellationToken)))
            {
                await CreateIndexAsync(connection, cancellationToken);
            }
            else
            {
                await Task.Delay(OthersTurn, cancellationToken);
            }
        }

        _isUsed = true;
        LogUsing(version);
    }

    private static async Task CreateIndexAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            // What an interrupted try has left behind is in the way, and of no use.
            await connection.ExecuteAsync(Command(VectorSql.DropIndex, cancellationToken));
            await connection.ExecuteAsync(Command(VectorSql.CreateIndex, cancellationToken));
        }
        finally
        {
            await connection.ExecuteAsync(Command(VectorSql.Unlock, CancellationToken.None));
        }
    }

    private static Task<bool> HasIndexAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(Command(VectorSql.HasIndex, cancellationToken));

    /// <remarks>No time limit: an index over many vectors takes what it takes.</remarks>
    private static CommandDefinition Command(
        [System.Diagnostics.CodeAnalysis.ConstantExpected] string sql,
        CancellationToken cancellationToken
    ) => new(sql, new { AdvisoryLocks.CreateVectorIndex }, commandTimeout: 0, cancellationToken: cancellationToken);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Similar markets are found by comparing the signs of all vectors; the extension vector is not installed"
    )]
    private partial void LogComparing();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Similar markets are found by comparing the signs of all vectors; the extension vector is {version}, and its index needs {oldest} or later"
    )]
    private partial void LogTooOld(string version, Version oldest);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Similar markets are found with an index of the extension vector {version}"
    )]
    private partial void LogUsing(string version);
}
