using System.Text.RegularExpressions;
using Dapper;
using MarketsApi.Features.SearchMarkets;
using MarketsApi.Tests.Features.Shared;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>A search reads from indexes only, for any query.</summary>
public sealed partial class SearchMarketsPlanTests(ManyMarkets api) : IClassFixture<ManyMarkets>
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("active", null, false)]
    [InlineData(null, "category-1", true)]
    [InlineData("closed", "category-2", true)]
    public async Task Never_scans_a_table_of_texts(string? status, string? category, bool exhaustive)
    {
        await api.RefreshAsync();
        var sql = Parameter()
            .Replace(
                SearchMarketsSql.SelectHits,
                match =>
                    match.Groups[1].Value switch
                    {
                        "Text" => "$1",
                        "Limit" => "$2",
                        "Status" => "$3",
                        "Category" => "$4",
                        _ => "$5",
                    }
            );
        await using var connection = await api
            .Host.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync($"PREPARE search (text, int, text, text, boolean) AS {sql}");
        string plan;
        try
        {
            plan = string.Join(
                '\n',
                await connection.QueryAsync<string>(
                    $"EXPLAIN (ANALYZE) EXECUTE search ('will it happen', 10, {Literal(status)}, {Literal(category)}, {exhaustive})"
                )
            );
        }
        finally
        {
            await connection.ExecuteAsync("DEALLOCATE search");
        }

        // The notes of the last seconds are read whole.
        Assert.DoesNotContain(
            "Seq Scan",
            plan.Replace("Seq Scan on search_unlearned", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains("Bitmap Index Scan on search_markets_by_stem", plan, StringComparison.Ordinal);
        Assert.Contains("Index Scan using markets_pkey on markets", plan, StringComparison.Ordinal);
        if (status is null && category is null)
        {
            // Best first, until there are enough: not all that words found.
            Assert.True(Regex.IsMatch(plan, @"Index Scan using markets_pkey on markets  \(.* loops=10\)"), plan);
        }
    }

    private static string Literal(string? text) => text is null ? "NULL" : $"'{text}'";

    [GeneratedRegex("@([A-Z][A-Za-z]*)")]
    private static partial Regex Parameter();
}
