using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Every change of status, by PATCH and by PUT, with and without an outcome, before and after the end and without one.</summary>
public sealed class MarketStatusChangeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Statuses = ["draft", "active", "closed", "resolved", "cancelled"];

    /// <summary>The contract's list of what may follow what.</summary>
    private static readonly string[] Changes =
    [
        "draft to active",
        "draft to cancelled",
        "active to closed",
        "active to cancelled",
        "closed to active",
        "closed to resolved",
        "closed to cancelled",
    ];

    public static readonly TheoryData<string, string> Pairs = [.. Statuses.SelectMany(_ => Statuses, (a, b) => (a, b))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Changes_status_only_as_the_contract_says(string from, string to)
    {
        var stored = from == "resolved" ? "yes" : null;
        foreach (var end in (string[])["ahead", "passed", "none"])
        {
            var endsAt = EndsAt(end);
            var markets = new Queue<Guid>(await api.InsertMarketsAsync(6, null, from, stored, endsAt));
            foreach (var outcome in (string?[])[null, "yes", "no"])
            {
                foreach (var method in (string[])["PATCH", "PUT"])
                {
                    var id = markets.Dequeue();
                    var sent = method == "PATCH" && outcome is null ? stored : outcome;

                    var result = await SendAsync(method, id, to, outcome, endsAt);

                    var (expected, field) = Expected(from, to, end, stored, sent);
                    var step = $"{method} {from} to {to}, end {end}, outcome {outcome ?? "-"}: {result.ReadAsText()}";
                    Assert.True(result.Status() == expected, $"Expected {expected} for {step}");
                    await ShouldHoldAsync(result, id, from, to, sent, field);
                }
            }
        }
    }

    [Fact]
    public async Task Says_which_changes_are_possible_instead()
    {
        var draft = await api.CreateMarketAsync(body: ApiFixture.NewMarket(status: "draft"));
        var active = await api.CreateMarketAsync();
        var cancelled = await api.InsertMarketAsync(status: "cancelled");

        var early = await api.PatchMarketAsync(draft.Id(), new { status = "closed" });
        var unresolved = await api.PatchMarketAsync(active.Id(), new { status = "resolved", outcome = "yes" });
        var final = await api.PatchMarketAsync(cancelled, new { status = "active" });

        early.ShouldBeProblem(409, "A market that is draft can't become closed; it can become active or cancelled");
        unresolved.ShouldBeProblem(
            409,
            "A market that is active can't become resolved; it can become closed or cancelled"
        );
        final.ShouldBeProblem(
            409,
            "The market is cancelled: its status, outcome and endsAt are final; name, description and category can still be changed, and a moderator can correct how it was settled"
        );
    }

    [Fact]
    public async Task Opens_again_with_a_later_end_once_its_own_has_passed()
    {
        var market = await api.CreateMarketAsync(body: ApiFixture.NewMarket(endsAt: Now.AddHours(1)));
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), new { status = "closed" })).Status());
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), new { status = "active" })).Status());
        Assert.Equal(200, (await api.PatchMarketAsync(market.Id(), new { status = "closed" })).Status());

        api.Clock.Advance(TimeSpan.FromHours(2));

        var late = await api.PatchMarketAsync(market.Id(), new { status = "active" });
        late.ShouldBeProblem(
            409,
            "A market can become active only while its endsAt is in the future; give a later endsAt"
        );
        var past = await api.PatchMarketAsync(market.Id(), new { status = "active", endsAt = Now.AddMinutes(-1) });
        past.ShouldBeProblem(
            409,
            "A market can become active only while its endsAt is in the future; give a later endsAt"
        );
        var moved = await api.PatchMarketAsync(market.Id(), new { status = "active", endsAt = Now.AddHours(1) });
        Assert.Equal("active", moved.Data().Text("status"));
        Assert.Equal(5, moved.Data().GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData("resolved", "yes")]
    [InlineData("cancelled", null)]
    public async Task Keeps_status_outcome_and_end_of_a_final_market(string status, string? outcome)
    {
        var endsAt = EndsAt("passed");
        var id = await api.InsertMarketAsync(null, status, outcome, endsAt);
        object[] rejected =
        [
            new { endsAt = Now.AddDays(1) },
            new { endsAt = Now.AddDays(-1) },
            new { endsAt = (string?)null },
            new { outcome = "no" },
            new { name = "A better name", outcome = "no" },
            new { status = "closed" },
        ];
        foreach (var body in rejected)
        {
            Assert.Equal(409, (await api.PatchMarketAsync(id, body)).Status());
        }

        var corrected = await api.PatchMarketAsync(
            id,
            new
            {
                name = "A better name",
                description = "And why",
                category = "sport",
                status,
                outcome,
                endsAt,
            }
        );
        var replaced = await api.PutMarketAsync(
            id,
            new
            {
                name = "The best name",
                status,
                outcome,
                endsAt,
            }
        );

        Assert.Equal("And why", corrected.Data().Text("description"));
        Assert.Equal(2, corrected.Data().GetProperty("version").GetInt64());
        Assert.Equal("The best name", replaced.Data().Text("name"));
        Assert.Equal("", replaced.Data().Text("description"));
        Assert.Equal(outcome, replaced.Data().Text("outcome"));
        Assert.Equal(3, replaced.Data().GetProperty("version").GetInt64());
    }

    private DateTime Now => api.Clock.GetUtcNow().UtcDateTime;

    private DateTime? EndsAt(string end)
    {
        var day = Now.Date.AddHours(12);
        return end switch
        {
            "ahead" => day.AddDays(7),
            "passed" => day.AddDays(-7),
            _ => null,
        };
    }

    /// <summary>The contract: what is final first, then what follows what, then the end, then the outcome.</summary>
    private static (int Status, string? Field) Expected(
        string from,
        string to,
        string end,
        string? stored,
        string? sent
    )
    {
        if (from is "resolved" or "cancelled")
        {
            return (to == from && sent == stored ? 200 : 409, null);
        }

        if (to != from && (!Changes.Contains($"{from} to {to}") || (to == "active" && end == "passed")))
        {
            return (409, null);
        }

        return (to == "resolved") == (sent is not null) ? (200, null) : (400, "outcome");
    }

    private Task<IScenarioResult> SendAsync(string method, Guid id, string status, string? outcome, DateTime? endsAt) =>
        method == "PUT"
            ? api.PutMarketAsync(
                id,
                new
                {
                    name = "An imported market",
                    status,
                    outcome,
                    endsAt,
                }
            )
        : outcome is null ? api.PatchMarketAsync(id, new { status })
        : api.PatchMarketAsync(id, new { status, outcome });

    private async Task ShouldHoldAsync(
        IScenarioResult result,
        Guid id,
        string from,
        string to,
        string? outcome,
        string? field
    )
    {
        var stored = await api.ReadMarketAsync(id);
        if (result.Status() == 200)
        {
            Assert.Equal(to, stored.Text("status"));
            Assert.Equal(outcome, stored.Text("outcome"));
            Assert.Equal(stored.GetRawText(), result.Data().GetRawText());
        }
        else
        {
            Assert.Equal(from, stored.Text("status"));
            Assert.Equal(1, stored.GetProperty("version").GetInt64());
            result.ShouldBeProblem(result.Status(), result.Json().Text("error")!, field is null ? [] : [field]);
        }
    }
}
