using System.Diagnostics.CodeAnalysis;
using Dapper;
using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Features.Shared.Search;
using Npgsql;
using NpgsqlTypes;

namespace MarketsApi.Features.SeedMarkets;

/// <summary>Brings the generated rows into the database: all of them in one transaction, or none.</summary>
/// <param name="database">The database.</param>
/// <param name="now">The time of it.</param>
internal sealed class SeedMarketsLoader(Database database, DateTime now)
{
    /// <summary>Whether the commit has been sent: from then on it may be done, whatever comes back.</summary>
    public bool HasBegunToCommit { get; private set; }

    /// <summary>Adds the markets that are missing among the first <paramref name="count"/>.</summary>
    public async Task<SeedMarketsResult> LoadAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Command(SeedMarketsSql.CreateStaging, cancellationToken));
        await CopyUsersAsync(connection, cancellationToken);
        await CopyMarketsAsync(connection, count, cancellationToken);
        await CopyPositionsAsync(connection, count, cancellationToken);
        await connection.ExecuteAsync(Command(SeedMarketsSql.AnalyzeStaging, cancellationToken));
        var users = await connection.ExecuteAsync(Command(SeedMarketsSql.InsertUsers, cancellationToken));
        var result = await connection.QuerySingleAsync<SeedMarketsResult>(
            Command(SeedMarketsSql.InsertMarkets, cancellationToken)
        );
        if (result.Markets > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    EnqueueSql.Reindex,
                    new { JobId = Guid.CreateVersion7(), Now = now },
                    cancellationToken: cancellationToken
                )
            );
        }

        // Not to be cancelled: it would be unknown whether it was done.
        HasBegunToCommit = true;
        await transaction.CommitAsync(CancellationToken.None);
        return result with { Users = users };
    }

    /// <summary>Refreshes the statistics of the planner and of the search ranking. Without it, that happens later.</summary>
    public async Task RefreshAsync(SeedMarketsResult result, CancellationToken cancellationToken)
    {
        if (result.Markets > 0)
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(Command(SeedMarketsSql.Analyze, cancellationToken));
            await SearchRefresh.RunAsync(connection, cancellationToken);
        }
    }

    private static async Task CopyUsersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(SeedMarketsSql.CopyUsers, cancellationToken);
        foreach (var user in SeedMarketsUser.All)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(user.Id, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(user.DisplayName, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(user.CreatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task CopyMarketsAsync(
        NpgsqlConnection connection,
        int count,
        CancellationToken cancellationToken
    )
    {
        await using var rows = await connection.BeginBinaryImportAsync(SeedMarketsSql.CopyMarkets, cancellationToken);
        for (var number = 0; number < count; number++)
        {
            var shape = SeedMarketsShape.Of(number);
            var text = SeedMarketsText.Of(shape);
            var positions = shape.GetPositions();
            var pool = positions is [.., var last] ? last.Pool : default;

            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(shape.Id, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(text.Name, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(text.Description, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(text.Category, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(shape.Status, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(shape.Outcome, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(pool.Pot, NpgsqlDbType.Numeric, cancellationToken);
            await rows.WriteAsync(pool.Yes, NpgsqlDbType.Numeric, cancellationToken);
            await rows.WriteAsync(pool.No, NpgsqlDbType.Numeric, cancellationToken);
            await rows.WriteAsync(shape.EndsAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(shape.CreatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(shape.UpdatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(shape.ResolvedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(shape.CreatorId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(shape.Version, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync((long)positions.Count, NpgsqlDbType.Bigint, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    /// <remarks>Generated a second time rather than stored: one connection copies into one table at a time.</remarks>
    private static async Task CopyPositionsAsync(
        NpgsqlConnection connection,
        int count,
        CancellationToken cancellationToken
    )
    {
        await using var rows = await connection.BeginBinaryImportAsync(SeedMarketsSql.CopyPositions, cancellationToken);
        for (var number = 0; number < count; number++)
        {
            var shape = SeedMarketsShape.Of(number);
            foreach (var position in shape.GetPositions())
            {
                await rows.StartRowAsync(cancellationToken);
                await rows.WriteAsync(position.Id, NpgsqlDbType.Uuid, cancellationToken);
                await rows.WriteAsync(shape.Id, NpgsqlDbType.Uuid, cancellationToken);
                await rows.WriteAsync(position.UserId, NpgsqlDbType.Uuid, cancellationToken);
                await rows.WriteAsync(position.Outcome, NpgsqlDbType.Text, cancellationToken);
                await rows.WriteAsync(position.Stake, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(position.StakesBefore, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(position.Pool.Probability!.Value, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(position.CreatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            }
        }

        await rows.CompleteAsync(cancellationToken);
    }

    /// <remarks>No time limit: a large number takes what it takes.</remarks>
    private static CommandDefinition Command([ConstantExpected] string sql, CancellationToken cancellationToken) =>
        new(sql, commandTimeout: 0, cancellationToken: cancellationToken);
}

/// <summary>What a seeding added.</summary>
internal sealed record SeedMarketsResult
{
    /// <summary>Markets that weren't there.</summary>
    public long Markets { get; init; }

    /// <summary>Users that weren't there.</summary>
    public long Users { get; init; }

    /// <summary>Positions on the new markets.</summary>
    public long Positions { get; init; }
}
