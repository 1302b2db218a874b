using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>The rules of name, description and category, wherever they can be sent.</summary>
public sealed class MarketFieldRulesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>JSON text of a name, and what is stored.</summary>
    public static readonly TheoryData<string, string> GoodNames = new()
    {
        { "\"abc\"", "abc" },
        { "\"  Will it rain?\\u00a0 \\u3000\"", "Will it rain?" },
        { "\"Cafe\\u0301 au lait?\"", "Café au lait?" },
        { "\"\\u0041\\u030a\\u0327 \\u1100\\u1161\\u11a8\"", "\u00c5\u0327 각" },
        { $"\"{Times(300, "x")}\"", Times(300, "x") },
        { $"\"{Times(300, "😀")}\"", Times(300, "😀") },
        { $"\"{Times(300, "\\ud83d\\ude00")}\"", Times(300, "😀") },
        { $"\"{Times(300, "e\\u0301")}\"", Times(300, "é") },
        { $"\"   {Times(300, "y")}   \"", Times(300, "y") },
        { "\"<b>'A' & \\\"B\\\" \\\\ %00 ${x} {0}</b>\"", "<b>'A' & \"B\" \\ %00 ${x} {0}</b>" },
        { "\"\\u200fهل؟ 👩‍👩‍👧 \\ufffd\"", "\u200fهل؟ 👩‍👩‍👧 \ufffd" },
        { "\"non\\ufffecharacter \\uffff \\ud83f\\udffe\"", "non\ufffecharacter \uffff \U0001fffe" },
        { "\"e\\u0301\\ufffee\\u0301\"", "é\ufffeé" },
    };

    /// <summary>JSON text of a name.</summary>
    public static readonly TheoryData<string> BadNames =
    [
        "\"\"",
        "\"ab\"",
        "\"   \"",
        "\"  ab  \"",
        "\"e\\u0301e\\u0301\"",
        $"\"{Times(301, "x")}\"",
        $"\"{Times(301, "😀")}\"",
        // 150 code points that normalization form C takes apart.
        $"\"{Times(151, "\\u0958")}\"",
        "\"a\\u0000bc\"",
        "\"a\\u001fbc\"",
        "\"a\\u007fbc\"",
        "\"a\\u0085bc\"",
        "\"a\\nbc\"",
        "\"abc\\n\"",
        "\"a\\tbc\"",
        "\"a\\u2028bc\"",
        "\"a\\u2029bc\"",
    ];

    public static readonly TheoryData<string> HalfSurrogates =
    [
        "\"abc\\ud800\"",
        "\"\\udc00abc\"",
        "\"ab\\udc00\\ud800c\"",
        "\"ab\\ud800\\u0041c\"",
    ];

    [Theory]
    [MemberData(nameof(GoodNames))]
    public async Task Stores_a_name_trimmed_and_composed(string json, string stored)
    {
        foreach (var (response, _) in await SendAsync("name", json))
        {
            var market = response.Data(response.Status == 201 ? 201 : 200);
            Assert.Equal(stored, market.Text("name"));
            Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Rejects_a_name_outside_the_rules(string json)
    {
        foreach (var (response, before) in await SendAsync("name", json))
        {
            response.ShouldBeProblem(400, "Validation failed", "name");
            await ShouldBeUnchangedAsync(before);
        }
    }

    [Theory]
    [InlineData("\"A\"")]
    [InlineData("\"\"")]
    [InlineData("\"a b\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"\u00e4\"")]
    public async Task Rejects_a_category_with_the_same_code_and_sentence_in_each_place(string json)
    {
        var responses = (await SendAsync("category", json)).Select(sent => sent.Response).ToList();
        var sent = Uri.EscapeDataString(JsonDocument.Parse(json).RootElement.GetString()!);
        if (sent.Length > 0)
        {
            responses.Add(await api.SendBytesAsync("GET", $"/api/markets?category={sent}", [], null, ""));
            responses.Add(await api.SendBytesAsync("GET", $"/api/markets/search?q=x&category={sent}", [], null, ""));
        }

        Assert.Equal(sent.Length > 0 ? 5 : 3, responses.Count);
        foreach (var response in responses)
        {
            response.ShouldBeProblem(400, "Validation failed", "category");
            Assert.Equal(
                ("Pattern", "category must be 1 to 50 of lower-case letters, digits and hyphens."),
                CodeAndMessage(response)
            );
        }
    }

    [Theory]
    [InlineData("name")]
    [InlineData("status")]
    public async Task Reports_null_as_a_missing_required_property(string field)
    {
        var market = await api.CreateMarketAsync();
        string[] requests =
        [
            $$"""{"{{field}}":null}""",
            """{"name":"A name","endsAt":"2099-01-01T00:00:00Z","status":"active"}""".Replace(
                field == "name" ? "\"A name\"" : "\"active\"",
                "null",
                StringComparison.Ordinal
            ),
        ];
        foreach (var (method, body) in ((string[])["PATCH", "PUT"]).Zip(requests))
        {
            var response = await api.SendAsync(method, $"/api/markets/{market.Id()}", body);
            response.ShouldBeProblem(400, "Validation failed", field);
            Assert.Equal(("Required", "This value is required."), CodeAndMessage(response));
        }
    }

    [Fact]
    public async Task Rejects_more_than_30_combining_marks_in_a_row()
    {
        foreach (var field in (string[])["name", "description"])
        {
            foreach (var (response, _) in await SendAsync(field, $"\"abc{Times(30, "\\u0301")}d\""))
            {
                Assert.InRange(response.Status, 200, 201);
            }

            foreach (var mark in (string[])["\\u0301", "\\u0345", "\\u20dd", "\\u0903", "\\ud834\\udd65"])
            {
                foreach (var (response, _) in await SendAsync(field, $"\"abc{Times(31, mark)}d\""))
                {
                    response.ShouldBeProblem(400, "Validation failed", field);
                    Assert.Equal("CombiningMarks", CodeAndMessage(response).Code);
                }
            }
        }
    }

    private static (string? Code, string? Message) CodeAndMessage(RawResponse response)
    {
        var detail = Assert.Single(response.Json.GetProperty("details").EnumerateArray());
        return (detail.Text("code"), detail.Text("message"));
    }

    [Theory]
    [MemberData(nameof(HalfSurrogates))]
    public async Task Rejects_half_of_a_surrogate_pair(string json)
    {
        foreach (var field in (string[])["name", "description", "category"])
        {
            foreach (var (response, _) in await SendAsync(field, json))
            {
                response.ShouldBeProblem(400, "Validation failed", $"$.{field}");
            }
        }
    }

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"   \"", "")]
    [InlineData("null", "")]
    [InlineData("\"Line one.\\r\\n\\tLine two.\\n\\u2028Line three.\"", "Line one.\r\n\tLine two.\n\u2028Line three.")]
    [InlineData("\"\\n Cafe\\u0301 \\n\"", "Café")]
    public async Task Stores_a_description_over_lines(string json, string stored)
    {
        foreach (var (response, _) in await SendAsync("description", json))
        {
            var market = response.Data(response.Status == 201 ? 201 : 200);
            Assert.Equal(stored, market.Text("description"));
            Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
        }
    }

    [Fact]
    public async Task Counts_a_description_in_code_points()
    {
        foreach (var unit in (string[])["x", "😀", "e\\u0301"])
        {
            foreach (var (response, _) in await SendAsync("description", $"\"{Times(5_000, unit)}\""))
            {
                var description = response.Data(response.Status == 201 ? 201 : 200).Text("description")!;
                Assert.Equal(5_000, description.EnumerateRunes().Count());
            }

            foreach (var (response, _) in await SendAsync("description", $"\"{Times(5_001, unit)}\""))
            {
                response.ShouldBeProblem(400, "Validation failed", "description");
            }
        }
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\u0008")]
    [InlineData("\\u000b")]
    [InlineData("\\u001b")]
    [InlineData("\\u007f")]
    [InlineData("\\u009f")]
    public async Task Rejects_control_characters_in_a_description(string escape)
    {
        foreach (var (response, before) in await SendAsync("description", $"\"one {escape} two\""))
        {
            response.ShouldBeProblem(400, "Validation failed", "description");
            await ShouldBeUnchangedAsync(before);
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("us-elections-2028")]
    [InlineData("-")]
    [InlineData("01234567890123456789012345678901234567890123456789")]
    public async Task Stores_a_category_of_lower_case_letters_digits_and_hyphens(string category)
    {
        foreach (var (response, _) in await SendAsync("category", $"\"{category}\""))
        {
            Assert.Equal(category, response.Data(response.Status == 201 ? 201 : 200).Text("category"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData(" a")]
    [InlineData("a_b")]
    [InlineData("é")]
    [InlineData("１")]
    [InlineData("a\\n")]
    [InlineData("a\\u0000")]
    [InlineData("012345678901234567890123456789012345678901234567890")]
    public async Task Rejects_any_other_category(string category)
    {
        foreach (var (response, before) in await SendAsync("category", $"\"{category}\""))
        {
            response.ShouldBeProblem(400, "Validation failed", "category");
            await ShouldBeUnchangedAsync(before);
        }
    }

    private static string Times(int count, string text) => string.Concat(Enumerable.Repeat(text, count));

    private async Task ShouldBeUnchangedAsync(JsonElement? before)
    {
        if (before is { } market)
        {
            Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
        }
    }

    /// <summary>Sends the field in a POST, a PUT and a PATCH that are otherwise right; with the market that was there before.</summary>
    private async Task<IReadOnlyList<(RawResponse Response, JsonElement? Before)>> SendAsync(string field, string json)
    {
        const string rest = "\"endsAt\":\"2099-01-01T00:00:00Z\",\"status\":\"active\"";
        var whole =
            field == "name"
                ? $$"""{"name":{{json}},{{rest}}}"""
                : $$"""{"name":"Will it?",{{rest}},"{{field}}":{{json}}}""";
        var replaced = await api.CreateMarketAsync();
        var patched = await api.CreateMarketAsync();
        return
        [
            (await api.SendAsync("POST", "/api/markets", whole), null),
            (await api.SendAsync("PUT", $"/api/markets/{replaced.Id()}", whole), replaced),
            (await api.SendAsync("PATCH", $"/api/markets/{patched.Id()}", $$"""{"{{field}}":{{json}}}"""), patched),
        ];
    }
}
