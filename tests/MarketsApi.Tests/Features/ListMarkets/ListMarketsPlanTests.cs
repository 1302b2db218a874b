using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using MarketsApi.Features.ListMarkets;
using MarketsApi.Infrastructure.Auth;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>What the database does for a page: read that page's rows off one index, at any depth.</summary>
public sealed partial class ListMarketsPlanTests(ManyMarkets api) : IClassFixture<ManyMarkets>
{
    private const int Limit = 20;

    public static TheoryData<string, string, string> Lists { get; } =
        new(
            from order in Listing.Orders
            from filter in (string[])
                ["", "status=active", "category=category-1", $"creatorId={ManyMarkets.BusyCreator}"]
            select (order.Sort, order.Order, filter)
        );

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Reads_a_page_off_one_index_at_any_depth(string sort, string order, string filter)
    {
        var query = $"sort={sort}&order={order}&{filter}".TrimEnd('&');
        var deep = await api.ListAsync($"{query}&offset=3500&limit=1");
        var request = new ListMarketsRequest
        {
            Sort = sort,
            Order = order,
            Status = Value("status"),
            Category = Value("category"),
            CreatorId = Value("creatorId") is { } id ? Guid.Parse(id) : null,
        };

        var first = await ExplainAsync(request);
        var later = await ExplainAsync(request with { Cursor = deep.NextCursor() });

        Check(first);
        Check(later);
        // Rows that an index scan skips aren't counted as rows; the pages of memory that it touches are.
        Assert.InRange(Blocks(later), 1, Blocks(first) + 40);

        string? Value(string name) =>
            filter.StartsWith(name, StringComparison.Ordinal) ? filter[(name.Length + 1)..] : null;
    }

    private static void Check(JsonElement plan)
    {
        var nodes = Nodes(plan).ToList();
        var kinds = nodes.Select(node => node.GetProperty("Node Type").GetString()!).ToList();
        var message = string.Join(" < ", kinds) + "\n" + plan.GetRawText();
        Assert.True(
            kinds.TrueForAll(kind => kind is "Limit" or "Subquery Scan" or "Index Scan" or "Index Only Scan"),
            message
        );

        var ofMarkets = nodes.FindAll(node => Is(node, "Relation Name", "markets"));
        var scan = Assert.Single(ofMarkets);
        Assert.True(Number(scan, "Actual Loops") == 1, message);
        var read = Number(scan, "Actual Rows") + Number(scan, "Rows Removed by Filter");
        Assert.True(read == Limit + 1, $"{read} rows read\n{message}");

        var creators = Assert.Single(nodes, node => Is(node, "Relation Name", "users"));
        Assert.True(Number(creators, "Actual Loops") <= Limit + 1, message);
    }

    /// <summary>The plan of the program's own statement, on its own connection, with its types, run once.</summary>
    /// <remarks>EXPLAIN with parameters would plan for their values; a prepared statement is planned as the program's are.</remarks>
    private async Task<JsonElement> ExplainAsync(ListMarketsRequest request)
    {
        var query = new ListMarketsQuery(request, Caller.Anonymous);
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
        Assert.Equal("force_generic_plan", await connection.QuerySingleAsync<string>("SHOW plan_cache_mode"));
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
            await connection.ExecuteAsync("DEALLOCATE list");
        }
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
