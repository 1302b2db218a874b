using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>The row of a user, made by their first write and kept up to date by later ones, and the name that other users see.</summary>
public sealed class UserRowTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Body = """{"name":"Will it?","endsAt":"2099-01-01T00:00:00Z"}""";

    /// <summary>Claims as JSON, and the display name that they give; "#" stands for the id's first eight digits.</summary>
    public static readonly TheoryData<string, string> Names = new()
    {
        { "\"name\":\"Zoë 😀\",\"email\":\"zoe@example.org\"", "Zoë 😀" },
        { "\"name\":\"  Zoë  \"", "Zoë" },
        { "\"name\":\"Zoe\\u0308\"", "Zo\u00eb" },
        { $"\"name\":\"{Times(100, "e\\u0301")}\"", Times(100, "é") },
        { $"\"name\":\"a{Times(40, "\\u0334")}b\"", $"a{Times(30, "\u0334")}b" },
        { "\"name\":\"zoe@example.org\",\"email\":\"zoe@example.org\"", "zoe" },
        { "\"name\":\" Zoe@Example.org \",\"email\":\"zoe.m@example.org\"", "zoe.m" },
        { "\"name\":\"Zoë <zoe@example.org>\"", "user-#" },
        { "\"name\":\"zoe@corp\"", "user-#" },
        { $"\"name\":\"{new string('x', 101)}\"", new string('x', 100) },
        { $"\"name\":\"{Times(101, "😀")}\"", Times(100, "😀") },
        { $"\"name\":\"{Times(60, "😀")}\"", Times(60, "😀") },
        { "\"email\":\"zoe.b+tag@example.org\"", "zoe.b+tag" },
        { $"\"email\":\"{new string('y', 150)}@example.org\"", new string('y', 100) },
        { "\"name\":\"\",\"email\":\"zoe@example.org\"", "zoe" },
        { "\"name\":\"   \",\"email\":\"zoe@example.org\"", "zoe" },
        { "\"name\":\"\\u0000\\u0007\",\"email\":\"zoe@example.org\"", "zoe" },
        { "\"name\":null,\"email\":null", "user-#" },
        { "\"email\":\"@example.org\"", "user-#" },
        { "\"email\":\"\"", "user-#" },
        { "\"role2\":1", "user-#" },
        { "\"name\":\"a\\u0000b\\u001fc\\u007fd\\u0085e\\nf\"", "abcdef" },
        { "\"name\":\"<b>'; DROP TABLE users; --\"", "<b>'; DROP TABLE users; --" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Shows_the_name_that_the_claims_give(string claims, string shown)
    {
        var id = Guid.NewGuid();
        var token = RawTokens.Sign($"\"userId\":\"{id}\",\"role\":\"user\",{claims}");

        var market = (await api.SendAsync("POST", "/api/markets", Body, token)).Data(201);

        var expected = shown.Replace("#", id.ToString("N")[..8], StringComparison.Ordinal);
        Assert.Equal(expected, market.GetProperty("creator").Text("displayName"));
        Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
    }

    [Theory]
    [InlineData("\"name\":\"\\ud800\"")]
    [InlineData("\"name\":\"a\\udc00b\"")]
    [InlineData("\"email\":\"\\ud800@example.org\"")]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"name\":5")]
    [InlineData("\"name\":true")]
    [InlineData("\"name\":{\"first\":\"Zoë\"}")]
    [InlineData("\"name\":[\"Zoë\",\"Bo\"]")]
    [InlineData("\"name\":[]")]
    [InlineData("\"name\":[[null]]")]
    [InlineData("\"name\":1e999")]
    [InlineData("\"name\":\"Zoë\",\"name\":\"Bo\"")]
    [InlineData("\"email\":{}")]
    [InlineData("\"email\":[1,2]")]
    [InlineData("\"name\":\"\\ufffe\\uffff\"")]
    [InlineData("\"name\":\"\\u2028\"")]
    [InlineData("\"name\":\"\\u200b\"")]
    public async Task Accepts_odd_claims_or_rejects_the_token(string claims)
    {
        var token = RawTokens.Sign($"\"userId\":\"{Guid.NewGuid()}\",\"role\":\"user\",{claims}");

        await ShouldBeStoredOrRejectedAsync(token);
    }

    [Fact]
    public async Task Accepts_claims_that_are_not_UTF_8_or_rejects_the_token()
    {
        foreach (
            var bytes in (byte[][])
                [
                    [0xff],
                    [0xed, 0xa0, 0x80],
                    [0xc3],
                    [0x00],
                    [0x0a],
                ]
        )
        {
            byte[] members =
            [
                .. Encoding.UTF8.GetBytes($"\"userId\":\"{Guid.NewGuid()}\",\"role\":\"user\",\"name\":\"Zo"),
                .. bytes,
                .. "\""u8,
            ];

            await ShouldBeStoredOrRejectedAsync(RawTokens.Sign(members));
        }
    }

    [Fact]
    public async Task Makes_the_row_with_the_first_write_and_keeps_it_current()
    {
        var id = Guid.NewGuid();
        Assert.Empty(await RowsAsync(id));

        var market = (await api.SendAsync("POST", "/api/markets", Body, Token(id, "First"))).Data(201);
        Assert.Equal([("First", "first@example.org")], await RowsAsync(id));

        await api.SendAsync("GET", "/api/me", "", Token(id, "Unwritten"));
        Assert.Equal([("First", "first@example.org")], await RowsAsync(id));

        var url = $"/api/markets/{market.Id()}";
        var patched = (await api.SendAsync("PATCH", url, """{"name":"Second"}""", Token(id, "Second"))).Data(200);
        Assert.Equal([("Second", "second@example.org")], await RowsAsync(id));
        Assert.Equal("Second", patched.GetProperty("creator").Text("displayName"));
        Assert.Equal(patched.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());

        var whole = """{"name":"Third","endsAt":"2099-01-01T00:00:00Z","status":"active"}""";
        var replaced = (await api.SendAsync("PUT", url, whole, Token(id, "Third"))).Data(200);
        Assert.Equal([("Third", "third@example.org")], await RowsAsync(id));
        Assert.Equal("Third", replaced.GetProperty("creator").Text("displayName"));
        Assert.Equal(replaced.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());

        var another = (await api.SendAsync("POST", "/api/markets", Body, Token(id, "Fourth"))).Data(201);
        Assert.Equal([("Fourth", "fourth@example.org")], await RowsAsync(id));
        // A cached copy of the first market may show the earlier name for a while; its entity tag doesn't cover it.
        var list = await api.SendAsync("GET", $"/api/markets?ids={market.Id()}", "", Token(id, "Fourth"));
        Assert.Equal("Fourth", list.Data(200)[0].GetProperty("creator").Text("displayName"));
        Assert.Equal("Fourth", another.GetProperty("creator").Text("displayName"));
    }

    [Fact]
    public async Task Makes_a_row_for_a_user_who_changes_or_deletes_another_user_s_market()
    {
        var first = User.New("moderator", "Mia");
        var second = User.New("admin", "Max");
        var market = await api.CreateMarketAsync();

        var patched = await api.PatchMarketAsync(market.Id(), new { name = "Patched" }, first);
        await api.DeleteMarketAsync(market.Id(), second);

        Assert.Equal("Alice", patched.Data().GetProperty("creator").Text("displayName"));
        Assert.Equal([("Mia", first.Email)], await RowsAsync(first.Id));
        Assert.Equal([("Max", second.Email)], await RowsAsync(second.Id));
    }

    [Fact]
    public async Task Makes_no_row_for_a_write_that_is_rejected_or_changes_nothing()
    {
        var user = User.New("moderator", "Mia");
        var market = await api.CreateMarketAsync();

        await api.PatchMarketAsync(market.Id(), new { }, user);
        await api.PatchMarketAsync(market.Id(), new { status = "resolved" }, user);
        await api.PatchMarketAsync(market.Id(), new { name = "Patched" }, user, "\"9\"");
        await api.DeleteMarketAsync(Guid.NewGuid(), user);

        Assert.Empty(await RowsAsync(user.Id));
    }

    [Fact]
    public async Task Makes_one_row_of_many_first_writes_at_once()
    {
        var user = User.New();

        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => api.PostMarketAsync(ApiFixture.NewMarket(), user))
        );

        Assert.All(results, result => Assert.Equal(201, result.Status()));
        Assert.Single(await RowsAsync(user.Id));
    }

    [Fact]
    public async Task Lets_two_users_have_the_same_email()
    {
        foreach (var id in (Guid[])[Guid.NewGuid(), Guid.NewGuid()])
        {
            var response = await api.SendAsync("POST", "/api/markets", Body, Token(id, "Same"));
            Assert.Equal(201, response.Status);
        }
    }

    [Fact]
    public async Task Shows_no_caller_an_email()
    {
        var created = await api.PostMarketAsync(ApiFixture.NewMarket());
        var id = created.Data().Id();

        string[] bodies =
        [
            created.ReadAsText(),
            (await api.PatchMarketAsync(id, new { name = "Patched" }, api.Moderator)).ReadAsText(),
            (await api.PutMarketAsync(id, new { name = "P" }, api.Admin)).ReadAsText(),
            (await api.PatchMarketAsync(id, new { name = "Patched" }, api.Bob)).ReadAsText(),
            (await api.ReadMarketAsync(id)).GetRawText(),
            (await api.SendAsync("GET", "/api/markets", "")).Text,
        ];

        Assert.All(bodies, body => Assert.DoesNotContain("@", body, StringComparison.Ordinal));
        Assert.All(bodies, body => Assert.DoesNotContain("email", body, StringComparison.OrdinalIgnoreCase));
    }

    private static string Times(int count, string text) => string.Concat(Enumerable.Repeat(text, count));

    private static string Token(Guid id, string name) =>
        RawTokens.Sign(
            $"\"userId\":\"{id}\",\"role\":\"user\",\"name\":\"{name}\",\"email\":\"{name.ToLowerInvariant()}@example.org\""
        );

    private Task<IReadOnlyList<(string Name, string? Email)>> RowsAsync(Guid id) =>
        api.Database.QueryAsync<(string, string?)>("SELECT display_name, email FROM users WHERE id = @id", new { id });

    private async Task ShouldBeStoredOrRejectedAsync(string token)
    {
        var response = await api.SendAsync("POST", "/api/markets", Body, token);
        var me = await api.SendAsync("GET", "/api/me", "", token);

        if (response.Status == 401)
        {
            response.ShouldBeProblem(401, "Invalid token");
            me.ShouldBeProblem(401, "Invalid token");
            return;
        }

        var market = response.Data(201);
        var name = market.GetProperty("creator").Text("displayName")!;
        Assert.InRange(name.EnumerateRunes().Count(), 1, 100);
        Assert.Equal(name, me.Data(200).Text("displayName"));
        Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
    }
}
