using System.Diagnostics.CodeAnalysis;
using Dapper;
using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Features.Shared.Search;
using Npgsql;
using NpgsqlTypes;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>Brings rows into the database: all of them in one transaction, or none.</summary>
/// <param name="database">The database.</param>
/// <param name="now">The time of import.</param>
internal sealed class ImportMarketsLoader(Database database, DateTime now)
{
    private const string StakedHere =
        "the market has positions here, so an import can't change its status, outcome or endsAt.";

    private const string DecidedHere =
        "people have changed the market's status, outcome or endsAt here, so an import can't change these.";

    /// <summary>From this many written markets on, the statistics of the planner and of search are refreshed.</summary>
    private const int Many = 1000;

    /// <summary>Whether the commit has been sent: from then on it may be done, whatever comes back.</summary>
    public bool HasBegunToCommit { get; private set; }

    /// <param name="rows">The rows, taken one at a time.</param>
    /// <param name="allRead">Called when there are no more.</param>
    /// <param name="reject">Called for each line that the database's present state forbids, with its number and the reason.</param>
    /// <param name="cancellationToken">Gives up, leaving nothing behind.</param>
    public async Task<ImportMarketsResult> LoadAsync(
        IAsyncEnumerable<ImportMarketsRow> rows,
        Action allRead,
        Action<long, string> reject,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, ImportMarketsSql.CreateStaging, cancellationToken);
        var lines = await CopyAsync(connection, rows, cancellationToken);
        allRead();
        await ExecuteAsync(connection, ImportMarketsSql.AnalyzeStaging, cancellationToken);
        await ExecuteAsync(connection, ImportMarketsSql.Lock, cancellationToken);
        var replaced = await ExecuteAsync(connection, ImportMarketsSql.DeleteReplaced, cancellationToken);
        var unchanged = await ExecuteAsync(connection, ImportMarketsSql.DeleteUnchanged, cancellationToken);
        var forbidden = await DeleteForbiddenAsync(connection, reject, cancellationToken);
        await ExecuteAsync(connection, ImportMarketsSql.InsertCreators, cancellationToken);
        var changed = await ExecuteAsync(connection, ImportMarketsSql.UpdateChanged, cancellationToken);
        var inserted = lines - replaced - unchanged - forbidden - changed;
        if (inserted > 0)
        {
            inserted = await ExecuteAsync(connection, ImportMarketsSql.InsertNew, cancellationToken);
        }

        if (inserted + changed > 0)
        {
            await ExecuteAsync(connection, EnqueueSql.Reindex, cancellationToken);
        }

        // Not to be cancelled: it would be unknown whether it was done.
        HasBegunToCommit = true;
        await transaction.CommitAsync(CancellationToken.None);
        return new ImportMarketsResult(inserted, changed, unchanged, replaced);
    }

    /// <summary>After many changes, refreshes the statistics of the planner and of the search ranking. Without it, that happens later.</summary>
    public async Task RefreshAsync(ImportMarketsResult result, CancellationToken cancellationToken)
    {
        if (result.New + result.Changed >= Many)
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, ImportMarketsSql.Analyze, cancellationToken);
            await SearchRefresh.RunAsync(connection, cancellationToken);
        }
    }

    private async Task<int> DeleteForbiddenAsync(
        NpgsqlConnection connection,
        Action<long, string> reject,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(connection, ImportMarketsSql.LockChanged, cancellationToken);
        var forbidden = await connection.QueryAsync<(long Line, bool HasPositions)>(
            new CommandDefinition(
                ImportMarketsSql.DeleteForbidden,
                commandTimeout: 0,
                cancellationToken: cancellationToken
            )
        );
        var lines = forbidden.OrderBy(line => line.Line).ToList();
        foreach (var (line, hasPositions) in lines)
        {
            reject(line, hasPositions ? StakedHere : DecidedHere);
        }

        return lines.Count;
    }

    private static async Task<int> CopyAsync(
        NpgsqlConnection connection,
        IAsyncEnumerable<ImportMarketsRow> rows,
        CancellationToken cancellationToken
    )
    {
        await using var importer = await connection.BeginBinaryImportAsync(ImportMarketsSql.Copy, cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await importer.StartRowAsync(cancellationToken);
            await importer.WriteAsync(row.Line, NpgsqlDbType.Bigint, cancellationToken);
            await importer.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, cancellationToken);
            await importer.WriteAsync(row.Source, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.ExternalId, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Name, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Description, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Category, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Status, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Outcome, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Volume, NpgsqlDbType.Numeric, cancellationToken);
            await importer.WriteAsync(row.EndsAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await importer.WriteAsync(row.CreatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await importer.WriteAsync(row.CreatorId, NpgsqlDbType.Uuid, cancellationToken);
            await importer.WriteAsync(row.CreatorName, NpgsqlDbType.Text, cancellationToken);
            await importer.WriteAsync(row.Digest, NpgsqlDbType.Bytea, cancellationToken);
        }

        return checked((int)await importer.CompleteAsync(cancellationToken));
    }

    /// <remarks>No time limit: a large file takes what it takes.</remarks>
    private Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        [ConstantExpected] string sql,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                sql,
                new
                {
                    Now = now,
                    LockKey = AdvisoryLocks.Import,
                    JobId = Guid.CreateVersion7(),
                },
                commandTimeout: 0,
                cancellationToken: cancellationToken
            )
        );
}

/// <summary>What an import did.</summary>
/// <param name="New">Markets that weren't there.</param>
/// <param name="Changed">Markets that were there with another content.</param>
/// <param name="Unchanged">Markets that were there with the same content, and weren't touched.</param>
/// <param name="Replaced">Lines replaced by a later line about the same market.</param>
internal sealed record ImportMarketsResult(int New, int Changed, int Unchanged, int Replaced)
{
    /// <summary>All markets of the file that are in the database now.</summary>
    public int Imported => New + Changed + Unchanged;
}
