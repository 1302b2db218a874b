using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>A program with markets of several owners in each status, and with failed jobs.</summary>
public sealed class FuzzFixture : ApiFixture
{
    /// <summary>One of each role, and one whose role is unknown.</summary>
    internal IReadOnlyList<User> Users { get; private set; } = [];

    /// <summary>The markets' ids.</summary>
    internal IReadOnlyList<string> Markets { get; private set; } = [];

    /// <summary>The jobs' ids.</summary>
    internal IReadOnlyList<string> Jobs { get; private set; } = [];

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["RateLimiting:Enabled"] = "false" };

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Users = [Alice, Bob, Moderator, Admin, User.New("auditor", "Guest")];
        var markets = new List<string>();
        foreach (var status in (string[])["draft", "active", "active", "active"])
        {
            foreach (var owner in (User[])[Alice, Bob, Moderator])
            {
                markets.Add((await CreateMarketAsync(owner, NewMarket(status: status, category: "rain"))).Text("id")!);
            }
        }

        Markets = markets;
        await Database.ExecuteAsync(
            """
            UPDATE jobs SET state = 'failed', last_error = 'It broke.', started_at = run_at, finished_at = run_at
            WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 3)
            """
        );
        Jobs =
        [
            .. (await Database.QueryAsync<Guid>("SELECT id FROM jobs ORDER BY id LIMIT 6")).Select(id => id.ToString()),
        ];
    }
}
