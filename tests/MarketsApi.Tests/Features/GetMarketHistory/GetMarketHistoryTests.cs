using System.Text.Json;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.GetMarketHistory;

public sealed class GetMarketHistoryTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Says_why_a_market_was_corrected_and_by_whom()
    {
        var market = await api.CreateMarketAsync();
        var path = $"/api/markets/{market.Id()}";
        (await api.SendAsync("PATCH", path, """{"status":"closed"}""")).Data(200);
        (await api.SendAsync("PATCH", path, """{"status":"resolved","outcome":"yes"}""")).Data(200);
        const string correction = """{"outcome":"no","reason":"The report was withdrawn."}""";
        (await api.SendAsync("POST", path + "/corrections", correction, api.Moderator.Token)).Data(200);

        var history = (await api.SendAsync("GET", path + "/history", "")).Data(200);

        Assert.Equal("The report was withdrawn.", history[0].Text("reason"));
        Assert.Equal("Mo", history[0].GetProperty("changedBy").Text("displayName"));
        Assert.Equal(
            """[{"field":"outcome","from":"yes","to":"no"}]""",
            history[0].GetProperty("changes").GetRawText()
        );
        Assert.Null(history[1].Text("reason"));
    }

    [Fact]
    public async Task Has_the_creation_of_a_market_that_was_never_changed()
    {
        var market = await api.CreateMarketAsync();

        var entry = Assert.Single((await SendAsync(market.Id())).Data(200).EnumerateArray());

        Assert.Equal(
            $$"""
            {"action":"created","fromVersion":null,"toVersion":1,"changedBy":{"id":"{{api.Alice.Id}}","displayName":"Alice"},"changedAt":"{{market.Text(
                "createdAt"
            )}}","reason":null,"changes":[]}
            """.Trim(),
            entry.GetRawText()
        );
    }

    [Fact]
    public async Task Says_who_changed_what_from_which_version_to_which_newest_first()
    {
        var market = await api.CreateMarketAsync(body: ApiFixture.NewMarket("A first name", endsAt: In(2)));
        var id = market.Id();
        var patched = (await api.PatchMarketAsync(id, new { name = "Another name", category = "weather" })).Data();
        var replacement = new
        {
            name = "Another name",
            endsAt = "2099-01-01T00:00:00.5Z",
            status = "closed",
            description = "Over",
        };
        await api.PutMarketAsync(id, replacement, api.Moderator);
        await api.PatchMarketAsync(id, new { });

        var entries = (await SendAsync(id)).Data(200);

        Assert.Equal(
            [
                $"changed 2→3 Mo description: →Over, category: weather→, status: active→closed, endsAt: {market.Text("endsAt")}→2099-01-01T00:00:00.5Z",
                "changed 1→2 Alice name: A first name→Another name, category: →weather",
                "created →1 Alice ",
            ],
            entries.EnumerateArray().Select(Line)
        );
        Assert.Equal(patched.Text("updatedAt"), entries[1].Text("changedAt"));
    }

    [Fact]
    public async Task Names_no_user_for_what_the_program_does_by_itself()
    {
        var market = await api.CreateMarketAsync(body: ApiFixture.NewMarket(endsAt: In(1)));
        await api.PatchMarketAsync(market.Id(), new { category = "weather" });

        api.Clock.Advance(TimeSpan.FromHours(2));
        var job = api.Host.Services.GetServices<IJob>().Single(job => job.Kind == "close-expired-markets");
        await job.RunAsync(new JobRun(Guid.NewGuid(), null, 1), CancellationToken.None);

        var entry = (await SendAsync(market.Id())).Data(200)[0];
        Assert.Equal("changed 2→3 - status: active→closed", Line(entry));
    }

    [Fact]
    public async Task Stays_visible_to_moderators_after_a_deletion_and_starts_again_with_a_market_of_the_same_id()
    {
        var id = await api.InsertMarketAsync();
        await api.PatchMarketAsync(id, new { category = "weather" });
        Assert.Equal(204, (await api.DeleteMarketAsync(id)).Status());

        (await SendAsync(id, api.Alice)).ShouldBeProblem(404, "Market not found");
        (await SendAsync(Guid.NewGuid(), api.Moderator)).ShouldBeProblem(404, "Market not found");
        var remaining = (await SendAsync(id, api.Moderator)).Data(200).EnumerateArray().Select(Line).ToList();
        Assert.Equal(["deleted 2→ Mo ", "changed 1→2 Alice category: →weather", "created →1 Alice "], remaining);

        await api.Database.ExecuteAsync(
            """
            INSERT INTO markets (id, source, external_id, name, description, status, created_at, updated_at, creator_id)
            VALUES (@id, 's', 's:1', 'Imported again', '', 'active', now(), now(), @creator)
            """,
            new { id, creator = api.Alice.Id }
        );
        Assert.Equal(["created →1 Alice "], (await SendAsync(id)).Data(200).EnumerateArray().Select(Line));
        await api.PatchMarketAsync(id, new { category = "sports" });
        Assert.Equal(2, (await SendAsync(id, api.Moderator)).Data(200).GetArrayLength());
    }

    [Fact]
    public async Task Hides_what_was_changed_while_it_was_a_draft_from_those_who_did_not_see_the_draft()
    {
        var draft = await api.CreateMarketAsync(body: ApiFixture.NewMarket("A secret name", status: "draft"));
        await api.PatchMarketAsync(draft.Id(), new { name = "A public name", status = "active" });
        await api.PatchMarketAsync(draft.Id(), new { category = "weather" });

        var shown = await SendAsync(draft.Id(), api.Bob);

        Assert.Equal(
            ["changed 2→3 Alice category: →weather", "created →1 Alice "],
            shown.Data(200).EnumerateArray().Select(Line)
        );
        Assert.DoesNotContain("secret", shown.Text, StringComparison.Ordinal);
        Assert.Equal(3, (await SendAsync(draft.Id(), api.Alice)).Data(200).GetArrayLength());
        Assert.Equal(3, (await SendAsync(draft.Id(), api.Moderator)).Data(200).GetArrayLength());
    }

    private DateTime In(int hours) => api.Clock.GetUtcNow().UtcDateTime.AddHours(hours);

    /// <summary>An entry on one line.</summary>
    private static string Line(JsonElement entry)
    {
        var by = entry.GetProperty("changedBy") is { ValueKind: JsonValueKind.Object } user
            ? user.Text("displayName")
            : "-";
        var changes = entry
            .GetProperty("changes")
            .EnumerateArray()
            .Select(change => $"{change.Text("field")}: {change.Text("from")}→{change.Text("to")}");
        return $"{entry.Text("action")} {entry.GetProperty("fromVersion")}→{entry.GetProperty("toVersion")} {by} {string.Join(", ", changes)}";
    }

    private Task<RawResponse> SendAsync(Guid id, User? user = null) =>
        api.SendBytesAsync("GET", $"/api/markets/{id}/history", [], null, user?.Token ?? "");
}
