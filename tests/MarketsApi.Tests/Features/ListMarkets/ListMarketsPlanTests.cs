using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using MarketsApi.Features.ListMarkets;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Http.Json;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>What the database does for a page: read that page's rows off a range of an index per status, at any depth.</summary>
public sealed partial class ListMarketsPlanTests(ManyMarkets api) : IClassFixture<ManyMarkets>
{
    private const int Limit = 20;
    private static readonly string Busy = $"&creatorId={ManyMarkets.BusyCreator}";

    /// <summary>What a page may read besides its rows and the one behind them: the first row of each other status, or both parts of an order by endsAt.</summary>
    private const int Slack = Limit + 9;

    /// <summary>Each order of the whole list and of each filter that has indexes; and ranges of the sort key itself.</summary>
    public static TheoryData<string> Lists { get; } =
        new([
            .. from order in Listing.Orders
            from filter in (string[])
                ["", "&status=active", "&category=category-1", "&category=category-1&status=closed", Busy]
            where filter != Busy || order.Sort == "createdAt"
            select $"sort={order.Sort}&order={order.Order}{filter}",
            "sort=volume&order=desc&minVolume=10&maxVolume=9000",
            "sort=volume&order=asc&minVolume=1000&maxVolume=9999",
            "sort=endsAt&order=asc&endsAfter=2030-01-10T00:00:00Z",
            "sort=endsAt&order=asc&status=active&endsAfter=2030-01-10T00:00:00Z&endsBefore=2031-01-01T00:00:00Z",
            "sort=endsAt&order=desc&category=category-2&endsAfter=2020-01-01T00:00:00Z&endsBefore=2030-01-18T00:00:00Z",
        ]);

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Reads_a_page_off_ranges_of_indexes_at_any_depth(string list)
    {
        var deep = await api.ListAsync($"{list}&offset=1000&limit=1");
        Assert.NotNull(deep.NextCursor());

        var first = await ExplainAsync(list);
        var later = await ExplainAsync($"{list}&cursor={deep.NextCursor()}");

        Check(first);
        Check(later);
        // Rows that an index scan skips aren't counted as rows; the pages of memory that it touches are.
        Assert.InRange(Blocks(later), 1, Blocks(first) + 40);
    }

    [Fact]
    public async Task Reads_no_more_than_the_range_where_it_holds_less_than_a_page()
    {
        var plan = await ExplainAsync(
            "sort=endsAt&order=asc&endsAfter=2030-01-10T00:00:00Z&endsBefore=2030-01-10T00:03:00Z"
        );

        Assert.InRange(RowsRead(plan), 1, Limit);
        Assert.InRange(Blocks(plan), 1, 100);
    }

    /// <summary>Decision 3: no write pays for these orders of a creator's markets. The few of one are sorted, for the many of another the order is walked.</summary>
    [Theory]
    [InlineData("sort=volume")]
    [InlineData("sort=endsAt")]
    [InlineData("sort=name")]
    public async Task Sorts_few_markets_of_a_creator_and_looks_for_many_in_the_order(string order)
    {
        await AllVisibleAsync();

        var few = await ExplainAsync($"{order}&creatorId=c0000000-0000-7000-8000-000000000008");
        var many = await ExplainAsync(order + Busy);

        // By endsAt, once for those that have one and once for the others; then the page's own.
        Assert.InRange(RowsRead(few), 1, 3 * 50);
        Assert.InRange(RowsRead(many), 1, 4 * 5000);
        Assert.InRange(RowsOfTable(many), 1, 2 * Limit + 1);
    }

    /// <summary>Reading the rows that a page passes over from the table takes three times as long.</summary>
    [Theory]
    [InlineData("sort=createdAt&offset=10000")]
    [InlineData("sort=endsAt&order=desc&offset=10000")]
    [InlineData("sort=name&offset=10000&minVolume=10&endsAfter=2026-01-01T00:00:00Z")]
    [InlineData("sort=volume&offset=10000&endsAfter=2026-01-01T00:00:00Z")]
    [InlineData("sort=name&category=category-1&minVolume=1000&offset=500")]
    [InlineData("sort=name&offset=1000&creatorId=c0000000-0000-7000-8000-000000000000&maxVolume=9900")]
    public async Task Passes_rows_over_in_an_index(string list)
    {
        await AllVisibleAsync();

        var plan = await ExplainAsync(list);

        Assert.True(RowsRead(plan) > 10 * Limit, plan.GetRawText());
        Assert.True(RowsOfTable(plan) <= Limit + 1, plan.GetRawText());
    }

    /// <summary>Reading all rows to count them takes twice the time or more.</summary>
    [Theory]
    [InlineData("minVolume=10")]
    [InlineData("minVolume=10&endsAfter=2026-01-01T00:00:00Z")]
    [InlineData("maxVolume=9000&endsAfter=2026-01-01T00:00:00Z&endsBefore=2040-01-01T00:00:00Z&status=active")]
    [InlineData("minVolume=10&endsAfter=2026-01-01T00:00:00Z&category=category-1")]
    public async Task Counts_from_an_index_alone(string filters)
    {
        await AllVisibleAsync();

        var plan = await ExplainAsync($"{filters}&count=true");

        var counting = Nodes(plan).Single(node => Is(node, "Node Type", "Aggregate")).GetProperty("Plans")[0];
        Assert.True(
            Is(counting, "Node Type", "Index Only Scan") && Number(counting, "Heap Fetches") == 0,
            counting.GetRawText()
        );
        Assert.True(Number(counting, "Actual Rows") > 1000, counting.GetRawText());
    }

    private static void Check(JsonElement plan)
    {
        var nodes = Nodes(plan).ToList();
        var kinds = nodes.Select(node => node.GetProperty("Node Type").GetString()!).ToList();
        var message = string.Join(" < ", kinds) + "\n" + plan.GetRawText();
        // What is sorted are the two parts of an order by endsAt, each a page long.
        Assert.True(
            nodes.TrueForAll(node =>
                node.GetProperty("Node Type").GetString()
                    is "Limit"
                        or "Subquery Scan"
                        or "Index Scan"
                        or "Index Only Scan"
                        or "Merge Append"
                        or "Append"
                        or "Result"
                || Is(node, "Node Type", "Sort") && Number(node, "Actual Rows") <= Limit + 1
            ),
            message
        );

        var read = RowsRead(plan);
        Assert.True(read >= Limit + 1 && read <= Limit + 1 + Slack, $"{read} rows read\n{message}");

        var creators = Assert.Single(nodes, node => Is(node, "Relation Name", "users"));
        Assert.True(Number(creators, "Actual Loops") <= Limit + 1, message);
    }

    /// <summary>Of the table, those that a filter then drops included.</summary>
    private static double RowsRead(JsonElement plan) =>
        Nodes(plan)
            .Where(node => Is(node, "Relation Name", "markets"))
            .Sum(node =>
                (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter")) * Number(node, "Actual Loops")
            );

    /// <summary>Of the rows themselves, those that a filter then drops included; not what an index holds of them.</summary>
    private static double RowsOfTable(JsonElement plan) =>
        Nodes(plan)
            .Where(node => Is(node, "Relation Name", "markets"))
            .Sum(node =>
                Is(node, "Node Type", "Index Only Scan")
                    ? Number(node, "Heap Fetches")
                    : (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter"))
                        * Number(node, "Actual Loops")
            );

    /// <summary>As long as another transaction might not see all rows, an index isn't enough to know them.</summary>
    private Task AllVisibleAsync() =>
        Eventually.UntilAsync(
            async () =>
            {
                await api.Database.ExecuteAsync("VACUUM markets");
                return (
                    await api.Database.QueryAsync<bool>(
                        "SELECT relallvisible = relpages FROM pg_class WHERE oid = 'markets'::regclass"
                    )
                )[0];
            },
            atMost: TimeSpan.FromSeconds(60)
        );

    /// <summary>The plan of the program's own statement, on its own connection, with its types, run once.</summary>
    /// <remarks>EXPLAIN with parameters would plan for their values; a prepared statement is planned as the program's are.</remarks>
    private async Task<JsonElement> ExplainAsync(string list)
    {
        var query = new ListMarketsQuery(RequestOf(list), Caller.Anonymous);
        Assert.True(query.TryContinue());
        var names = new List<string>();
        var sql = Parameter()
            .Replace(
                query.ToSql().ToString(),
                match =>
                {
                    var name = match.Groups[1].Value;
                    if (!names.Contains(name))
                    {
                        names.Add(name);
                    }

                    return $"${names.IndexOf(name) + 1}";
                }
            );
        var properties = names.ConvertAll(name => typeof(ListMarketsQuery).GetProperty(name)!);
        var types = properties.ConvertAll(property => TypeOf(property.PropertyType));
        var values = properties.ConvertAll(property => Literal(property.GetValue(query)));

        await using var connection = await api
            .Host.Services.GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("TEST_PGBOUNCER") is not null,
            "A connection's own settings don't get through PgBouncer."
        );
        Assert.Equal("force_generic_plan", await connection.QuerySingleAsync<string>("SHOW plan_cache_mode"));
        if (query.IsPlannedByValues)
        {
            await connection.ExecuteAsync("SET plan_cache_mode = force_custom_plan");
        }

        await connection.ExecuteAsync($"PREPARE list ({string.Join(", ", types)}) AS {sql}");
        try
        {
            var plan = await connection.QuerySingleAsync<string>(
                $"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE list ({string.Join(", ", values)})"
            );
            return JsonDocument.Parse(plan).RootElement[0].GetProperty("Plan");
        }
        finally
        {
            await connection.ExecuteAsync("DEALLOCATE list; RESET plan_cache_mode");
        }
    }

    private static ListMarketsRequest RequestOf(string list)
    {
        var values = QueryHelpers.ParseQuery(list);
        var request = new ListMarketsRequest();
        foreach (var (name, value) in values)
        {
            var property = typeof(ListMarketsRequest)
                .GetProperties()
                .Single(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.SetValue(
                request,
                Rfc3339.TryParse(value.ToString(), out var time)
                    ? new QueryTime(time)
                    : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value.ToString())
            );
        }

        return request;
    }

    /// <summary>The node and all below it.</summary>
    private static IEnumerable<JsonElement> Nodes(JsonElement plan) =>
        plan.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes).Prepend(plan) : [plan];

    private static double Number(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private static bool Is(JsonElement node, string name, string text) =>
        node.TryGetProperty(name, out var value) && value.GetString() == text;

    private static int Blocks(JsonElement plan) =>
        (int)(Number(plan, "Shared Hit Blocks") + Number(plan, "Shared Read Blocks"));

    private static string TypeOf(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type).Name switch
        {
            nameof(Int32) => "int",
            nameof(Decimal) => "numeric",
            nameof(DateTime) => "timestamptz",
            nameof(Guid) => "uuid",
            nameof(String) => "text",
            var other => throw new NotSupportedException(other),
        };

    private static string Literal(object? value) =>
        value switch
        {
            null => "NULL",
            DateTime time => $"'{time:O}'",
            IFormattable number => $"'{number.ToString(null, CultureInfo.InvariantCulture)}'",
            _ => $"'{value.ToString()!.Replace("'", "''", StringComparison.Ordinal)}'",
        };

    [GeneratedRegex("@([A-Z][A-Za-z]*)")]
    private static partial Regex Parameter();
}
