using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Errors;

/// <summary>Bodies that are made to be expensive.</summary>
public sealed class BodyBombTests
{
    private const int Rounds = 50;
    private const int Largest = 65_536;

    /// <summary>Of processor time, for the worst of them.</summary>
    private const double MaxSeconds = 0.02;

    private static readonly string Ends = DateTime.UtcNow.AddDays(30).ToString("O");

    private static readonly Dictionary<string, string> Bombs = new()
    {
        ["arrays in arrays"] = new string('[', Largest),
        ["objects in objects"] = Filled("{\"a\":", ""),
        ["arrays in a known member"] = "{\"name\":" + new string('[', 30_000) + new string(']', 30_000) + "}",
        ["a number beyond all bounds"] = Position("1e400"),
        ["a number of 10,000 digits"] = Position(new string('9', 10_000)),
        ["10,000 decimals"] = Position("1." + new string('1', 10_000)),
        ["an exponent of 10,000 digits"] = Position("1e" + new string('9', 10_000)),
        ["64 KiB of unknown keys"] = Keys(i => $"\"k{i}\":0,"),
        ["64 KiB of one key"] = Keys(_ => "\"name\":\"x\","),
        ["64 KiB of escapes"] = "{\"name\":\"" + Filled("\\u0041", "")[..60_000] + "\"}",
        ["64 KiB of combining marks"] = "{\"name\":\"" + string.Concat(Enumerable.Repeat("\u0344", 30_000)) + "\"}",
        ["64 KiB of marks out of order"] = Marks("name", 2_900),
        ["64 KiB of marks out of order in a long text"] = Marks("description", 2_900),
        ["as many marks out of order as a long text can have"] = Marks("description", 1_800),
        ["64 KiB of blanks"] = new string(' ', Largest),
    };

    [Fact]
    public async Task Are_rejected_with_less_work_than_ten_ordinary_requests_each()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = ProgramProcess.Start(
            [],
            ("DATABASE_URL", database.ConnectionString),
            ("Jobs__Enabled", "false")
        );
        await program.UntilAsync("/health/ready");
        var user = User.New();
        var ordinary = Position("5");
        var costs = new Dictionary<string, double>();
        foreach (var (name, body) in Bombs)
        {
            costs[name] = await CostAsync(program, user, body, HttpStatusCode.BadRequest);
        }

        // Last, when the program has compiled what it will: the strictest measure.
        await CostAsync(program, user, ordinary, HttpStatusCode.Created);
        var perOrdinary = await CostAsync(program, user, ordinary, HttpStatusCode.Created);
        Assert.True(perOrdinary > 0, "nothing was measured");
        foreach (var (name, cost) in costs)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {cost / perOrdinary:F1} ordinary requests");
            Assert.True(cost < 10 * perOrdinary, $"{name} costs as much as {cost / perOrdinary:F0} ordinary requests");
            Assert.True(cost < MaxSeconds, $"{name} costs {cost * 1000:F0} ms");
        }
    }

    /// <summary>The processor time of one, in seconds.</summary>
    private static async Task<double> CostAsync(ProgramProcess program, User user, string body, HttpStatusCode status)
    {
        await SendAsync(10);
        var before = program.ProcessorTime;
        await SendAsync(Rounds);
        return (program.ProcessorTime - before).TotalSeconds / Rounds;

        async Task SendAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var response = await program.Client.SendAsync(Request(user, "POST", body));
                Assert.True(
                    response.StatusCode == status,
                    $"{response.StatusCode} for {body[..Math.Min(60, body.Length)]}"
                );
            }
        }
    }

    private static HttpRequestMessage Request(User user, string method, string body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/api/markets")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        return request;
    }

    private static string Position(string stake) =>
        $$$"""{"name":"Will it hold?","endsAt":"{{{Ends}}}","initialPosition":{"outcome":"yes","stake":{{{stake}}}}}""";

    /// <summary>Marks of descending classes, which normalizing has to sort.</summary>
    private static string Marks(string member, int each) =>
        $$$"""{"{{{member}}}":"a{{{string.Concat("\u0345\u035d\u0315\u0301\u0316\u031b\u0327\u0651\u05b4\u05b0\u0334".Select(mark => new string(mark, each)))}}}","endsAt":"{{{Ends}}}"}""";

    private static string Filled(string piece, string end) =>
        string.Concat(Enumerable.Repeat(piece, (Largest - end.Length) / piece.Length)) + end;

    private static string Keys(Func<int, string> key)
    {
        var body = new StringBuilder("{");
        for (var i = 0; body.Length < Largest - 20; i++)
        {
            body.Append(key(i));
        }

        return body.Append("\"z\":0}").ToString();
    }
}
