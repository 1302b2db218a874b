using Dapper;
using Npgsql;

namespace MarketsApi.Features.Shared.Search;

/// <summary>Has the search follow many changes at once, where the job would do it in the seconds after.</summary>
internal static class SearchRefresh
{
    /// <summary>Indexes all that was written, and counts what ranking needs.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (await connection.ExecuteScalarAsync<bool>(Command(SearchRefreshSql.HasNotes)))
        {
            await connection.ExecuteAsync(Command(SearchRefreshSql.Learn));
        }

        await connection.ExecuteAsync(Command(SearchRefreshSql.Refresh));

        CommandDefinition Command(string sql) => new(sql, commandTimeout: 0, cancellationToken: cancellationToken);
    }
}
