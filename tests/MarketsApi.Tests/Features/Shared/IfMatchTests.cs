using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Writes that name the version that they mean, on a market whose tag is "3.17".</summary>
public sealed class IfMatchTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("\"3\"", 200)]
    [InlineData("\"3.17\"", 200)]
    [InlineData("\"3.0\"", 200)]
    [InlineData("\"3.999\"", 200)]
    [InlineData("*", 200)]
    [InlineData(" \"3\" ", 200)]
    [InlineData("\"1\", \"2.5\",\"3.17\"", 200)]
    [InlineData("\"3.17\" , \"foreign\"", 200)]
    [InlineData("W/\"3\", \"3\"", 200)]
    [InlineData("\"2\"", 412)]
    [InlineData("\"4\"", 412)]
    [InlineData("\"33\"", 412)]
    [InlineData("\"17.3\"", 412)]
    [InlineData("\"1\", \"2\"", 412)]
    [InlineData("W/\"3\"", 412)]
    [InlineData("W/\"3.17\"", 412)]
    [InlineData("\"\"", 412)]
    [InlineData("\"foreign\"", 412)]
    [InlineData("\"3.\"", 412)]
    [InlineData("\".17\"", 412)]
    [InlineData("\"3.17.1\"", 412)]
    [InlineData("\"+3\"", 412)]
    [InlineData("\"03\"", 412)]
    [InlineData("\"3.x\"", 412)]
    [InlineData("\"3,17\"", 412)]
    [InlineData("\"0x3\"", 412)]
    [InlineData("\"99999999999999999999\"", 412)]
    [InlineData("\"*\"", 412)]
    [InlineData("3", 400)]
    [InlineData("3.17", 400)]
    [InlineData("\"3", 400)]
    [InlineData("3\"", 400)]
    [InlineData("'3'", 400)]
    [InlineData("\"3\" \"4\"", 400)]
    [InlineData("\"3\";\"4\"", 400)]
    [InlineData("*, \"3\"", 400)]
    [InlineData("\"3\", *", 400)]
    [InlineData("**", 400)]
    [InlineData("w/\"3\"", 400)]
    [InlineData("W/", 400)]
    [InlineData("W/3", 400)]
    [InlineData("\"3 \"", 400)]
    [InlineData(",", 400)]
    [InlineData("nonsense", 400)]
    public async Task Compares_the_version_of_strong_tags(string ifMatch, int status)
    {
        var id = await api.InsertMarketAsync(version: 3, revision: 17);
        var whole = new
        {
            name = "An imported market",
            description = "As it came",
            status = "active",
            endsAt = (string?)null,
        };

        foreach (
            var result in (IScenarioResult[])
                [
                    await api.PatchMarketAsync(id, new { }, ifMatch: ifMatch),
                    await api.PutMarketAsync(id, whole, ifMatch: ifMatch),
                    await api.DeleteMarketAsync(id, ifMatch: ifMatch),
                ]
        )
        {
            switch (status)
            {
                case 200:
                    Assert.True(result.Status() is 200 or 204, result.ReadAsText());
                    break;
                case 400:
                    result.ShouldBeProblem(400, "Validation failed", "If-Match");
                    break;
                default:
                    result.ShouldBeProblem(412, "Market was changed by someone else");
                    break;
            }
        }
    }

    [Theory]
    [InlineData("\"1\"|\"3\"", 200)]
    [InlineData("\"1\"|W/\"3\", \"2\"", 412)]
    [InlineData("\"3\"|*", 400)]
    [InlineData("\"3\"|nonsense", 400)]
    [InlineData("", 400)]
    public async Task Reads_several_header_lines_as_one_list(string lines, int status)
    {
        var id = await api.InsertMarketAsync(version: 3);
        string[] request =
        [
            $"PATCH /api/markets/{id} HTTP/1.1",
            "Host: localhost",
            $"Authorization: Bearer {api.Alice.Token}",
            .. lines.Split('|').Select(line => $"If-Match: {line}"),
            "Content-Type: application/json",
            "Content-Length: 2",
            "Connection: close",
            "",
            "{}",
        ];

        var response = await api.Live.SendRawAsync(string.Join("\r\n", request), TimeSpan.FromSeconds(5));

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skips_the_empty_elements_of_a_list()
    {
        var id = await api.InsertMarketAsync(version: 3);

        var result = await api.PatchMarketAsync(id, new { }, ifMatch: ", \"1\",, \"3\" ,");

        Assert.Equal(200, result.Status());
    }

    [Fact]
    public async Task Allows_the_tag_of_each_response_for_the_next_change_only()
    {
        var created = await api.PostMarketAsync(ApiFixture.NewMarket());
        var id = created.Data().Id();

        var patched = await api.PatchMarketAsync(id, new { name = "Second" }, ifMatch: created.Header("ETag"));
        var stale = await api.PatchMarketAsync(id, new { name = "Third" }, ifMatch: created.Header("ETag"));
        var again = await api.PatchMarketAsync(id, new { name = "Third" }, ifMatch: patched.Header("ETag"));
        var deleted = await api.DeleteMarketAsync(id, ifMatch: again.Header("ETag"));

        Assert.Equal("\"2.0\"", patched.Header("ETag"));
        stale.ShouldBeProblem(412, "Market was changed by someone else");
        Assert.Equal("\"3.0\"", again.Header("ETag"));
        Assert.Equal(204, deleted.Status());
    }

    [Fact]
    public async Task Does_not_fail_because_of_positions_opened_meanwhile()
    {
        var id = await api.InsertMarketAsync(version: 3, revision: 17);
        await api.Database.ExecuteAsync("UPDATE markets SET revision = 18 WHERE id = @id", new { id });

        var result = await api.PatchMarketAsync(id, new { name = "A better name" }, ifMatch: "\"3.17\"");

        Assert.Equal("\"4.18\"", result.Header("ETag"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"1\"")]
    public async Task Returns_404_before_412_for_an_unknown_market(string ifMatch)
    {
        var result = await api.PatchMarketAsync(Guid.NewGuid(), new { }, ifMatch: ifMatch);

        result.ShouldBeProblem(404, "Market not found");
    }
}
