using System.Text;
using System.Text.Json.Nodes;
using MarketsApi.Features.ImportMarkets;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

public sealed class ImportMarketsParserTests
{
    private static readonly DateTime Now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Takes_a_line_with_every_member()
    {
        var row = Row(
            """
            {"externalId":"s:1","source":"s","name":" Will it? ","description":"So.\r\n\tYes.","category":"US Politics","status":"active",
            "volume":12.345,"creator":"Zoë","createdAt":"2021-11-05T01:00:00+01:00","endsAt":"2027-01-01T00:00:00.5Z","outcome":null}
            """
        );

        Assert.Equal(
            ("s", "s:1", "Will it?", "So.\r\n\tYes.", "us-politics", "active", null, 12.35m, "Zoë"),
            (
                row.Source,
                row.ExternalId,
                row.Name,
                row.Description,
                row.Category,
                row.Status,
                row.Outcome,
                row.Volume,
                row.CreatorName
            )
        );
        Assert.Equal(new DateTime(2021, 11, 5, 0, 0, 0, DateTimeKind.Utc), row.CreatedAt);
        Assert.Equal(new DateTime(2027, 1, 1, 0, 0, 0, 500, DateTimeKind.Utc), row.EndsAt);
    }

    [Fact]
    public void Takes_a_line_with_nothing_but_source_id_and_name()
    {
        var row = Row("""{"externalId":"1","source":"s","name":"Why?"}""");

        Assert.Equal(
            ("", null, "active", null, 0m, null, null, "s"),
            (
                row.Description,
                row.Category,
                row.Status,
                row.Outcome,
                row.Volume,
                row.CreatedAt,
                row.EndsAt,
                row.CreatorName
            )
        );
    }

    [Theory]
    [InlineData("not json", "The line is not valid JSON.")]
    [InlineData("""{"source":"s","externalId":"1","name":"abc",}""", "The line is not valid JSON.")]
    [InlineData("""{"source":"s","externalId":"1","name":"abc"} {}""", "The line is not valid JSON.")]
    [InlineData("""{"source":"s","externalId":"1","name":"\ud800abc"}""", "name is not valid Unicode.")]
    [InlineData("null", "The line must be a JSON object; it is null.")]
    [InlineData("5", "The line must be a JSON object.")]
    public void Rejects_what_isn_t_a_JSON_object(string line, string reason) => Assert.Equal(reason, Reason(line));

    [Theory]
    [InlineData("source", "null", "source is missing.")]
    [InlineData("source", "\" \"", "source must have 1 to 100 characters; it has 0.")]
    [InlineData("externalId", "null", "externalId is missing.")]
    [InlineData(
        "externalId",
        "\"a\\u0000\"",
        "externalId has a character that is not allowed, such as a control character."
    )]
    [InlineData("name", "null", "name is missing.")]
    [InlineData("name", "\"  ab \"", "name must have 3 to 300 characters; it has 2.")]
    [InlineData("name", "\"a\\nbc\"", "name has a character that is not allowed, such as a control character.")]
    [InlineData("name", "17", "name has a value of the wrong type or form.")]
    [InlineData("status", "\"open\"", "status must be one of: draft, active, closed, resolved, cancelled.")]
    [InlineData("status", "\"Active\"", "status must be one of: draft, active, closed, resolved, cancelled.")]
    [InlineData("status", "\"resolved\"", "A resolved market needs an outcome.")]
    [InlineData("outcome", "\"Johnson\"", "outcome must be YES or NO; it is \"Johnson\".")]
    [InlineData("outcome", "\"\"", "outcome must be YES or NO; it is \"\".")]
    [InlineData("outcome", "\"\\u001b[2J\"", "outcome must be YES or NO; it is \"\\u001B[2J\".")]
    [InlineData("volume", "-0.01", "volume must not be negative.")]
    [InlineData("volume", "1e15", "volume must be at most 999999999999999.99.")]
    [InlineData("volume", "1e400", "volume must be at most 999999999999999.99.")]
    [InlineData("volume", "\"1e400\"", "volume must be at most 999999999999999.99.")]
    [InlineData("volume", "-1e400", "volume must not be negative.")]
    [InlineData("volume", "\"-1e400\"", "volume must not be negative.")]
    [InlineData("volume", "\"5 euros\"", "volume has a value of the wrong type or form.")]
    [InlineData(
        "endsAt",
        "\"2027-02-30T00:00:00Z\"",
        "endsAt must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z, in the years 1900 to 9999, or milliseconds since 1970 as a whole number."
    )]
    [InlineData(
        "createdAt",
        "\"2027-01-31\"",
        "createdAt must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z, in the years 1900 to 9999, or milliseconds since 1970 as a whole number."
    )]
    [InlineData(
        "endsAt",
        "8640000000000000",
        "endsAt must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z, in the years 1900 to 9999, or milliseconds since 1970 as a whole number."
    )]
    [InlineData(
        "endsAt",
        "253402300800000",
        "endsAt must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z, in the years 1900 to 9999, or milliseconds since 1970 as a whole number."
    )]
    [InlineData(
        "createdAt",
        "-2208988800001",
        "createdAt must be an RFC 3339 date and time with a zone, such as 2027-01-31T12:00:00Z, in the years 1900 to 9999, or milliseconds since 1970 as a whole number."
    )]
    [InlineData("volume", "\" 5\"", "volume has a value of the wrong type or form.")]
    [InlineData("volume", "\"NaN\"", "volume has a value of the wrong type or form.")]
    [InlineData("volume", "\"0x10\"", "volume has a value of the wrong type or form.")]
    [InlineData("volume", "\"\"", "volume has a value of the wrong type or form.")]
    [InlineData("resolution", "\"MKT\"", "resolution must be YES, NO, CANCEL, ANNULLED or N/A; it is \"MKT\".")]
    [InlineData(
        "Name",
        "\"abc\"",
        "\"Name\" is not a known property; names are case-sensitive. --ignore-unknown ignores unknown properties."
    )]
    public void Rejects_what_breaks_a_rule(string member, string value, string reason) =>
        Assert.Equal(reason, Reason(Line(member, value)));

    [Fact]
    public void Rejects_a_member_that_is_there_twice() =>
        Assert.Equal(
            "A property appears more than once.",
            Reason("""{"source":"s","externalId":"1","name":"abc","name":"abd"}""")
        );

    [Fact]
    public void Says_everything_that_is_wrong_with_a_line() =>
        Assert.Equal(
            "name is missing. volume must not be negative.",
            Reason("""{"source":"s","externalId":"1","volume":-1}""")
        );

    [Fact]
    public void Counts_a_name_in_code_points()
    {
        Assert.Equal(600, Row(Line("name", $"\"{Repeat("😀", 300)}\"")).Name.Length);
        Assert.Equal(
            "name must have 3 to 300 characters; it has 301.",
            Reason(Line("name", $"\"{Repeat("😀", 301)}\""))
        );
    }

    [Fact]
    public void Keeps_what_it_can_of_a_description()
    {
        Assert.Equal("ab\nc\td", Row(Line("description", "\" a\\u0000b\\nc\\t\\u0085d\"")).Description);
        Assert.Equal(5000, Row(Line("description", $"\"{Repeat("a", 5000)}\\u0007\"")).Description.Length);
        Assert.Equal(
            "description must have at most 5000 characters; it has 5001.",
            Reason(Line("description", $"\"{Repeat("a", 5001)}\""))
        );
    }

    [Theory]
    [InlineData("YES", "yes")]
    [InlineData("no", "no")]
    public void Resolves_a_market_that_has_an_outcome_whatever_its_status(string given, string outcome)
    {
        foreach (var status in (string[])["null", "\"active\"", "\"closed\"", "\"cancelled\"", "\"resolved\""])
        {
            var row = Row(
                $$"""{"source":"s","externalId":"1","name":"abc","status":{{status}},"outcome":"{{given}}"}"""
            );
            Assert.Equal(("resolved", outcome), (row.Status, row.Outcome));
        }
    }

    [Theory]
    [InlineData("null", "active")]
    [InlineData("\"2026-11-22T12:00:00.000001Z\"", "active")]
    [InlineData("\"2026-11-22T12:00:00Z\"", "closed")]
    [InlineData("\"2020-01-01T00:00:00Z\"", "closed")]
    public void Lets_the_end_decide_where_there_is_no_status(string endsAt, string status) =>
        Assert.Equal(status, Row(Line("endsAt", endsAt)).Status);

    [Theory]
    [InlineData("0.005", "0.01")]
    [InlineData("0.0049", "0")]
    [InlineData("2.675", "2.68")]
    [InlineData("1e2", "100")]
    public void Rounds_volume_to_cents(string given, string stored) =>
        Assert.Equal(
            decimal.Parse(stored, System.Globalization.CultureInfo.InvariantCulture),
            Row(Line("volume", given)).Volume
        );

    [Fact]
    public void Stores_texts_in_normalization_form_c()
    {
        Assert.Equal("Café?", Row(Line("name", "\"Cafe\\u0301?\"")).Name);
    }

    [Fact]
    public void Gives_each_creator_of_a_source_a_user_of_its_own()
    {
        var (none, blank, anna, cut) = (
            Row(Line("creator", "null")),
            Row(Line("creator", "\" \\u0007\"")),
            Row(Line("creator", "\"Anna\"")),
            Row(Line("creator", $"\"{Repeat("a", 101)}\""))
        );
        var elsewhere = Row("""{"source":"t","externalId":"1","name":"abc","creator":"Anna"}""");

        Assert.Equal(("s", "s", "Anna"), (none.CreatorName, blank.CreatorName, anna.CreatorName));
        Assert.Equal(none.CreatorId, blank.CreatorId);
        Assert.Equal(3, new[] { none.CreatorId, anna.CreatorId, elsewhere.CreatorId }.Distinct().Count());
        Assert.Equal(100, cut.CreatorName.Length);

        var (composed, decomposed) = (Row(Line("creator", "\"Zo\\u00eb\"")), Row(Line("creator", "\" Zoe\\u0308 \"")));
        Assert.Equal(("Zoë", composed.CreatorId), (decomposed.CreatorName, decomposed.CreatorId));
    }

    [Fact]
    public void Has_the_same_digest_for_the_same_content_however_it_is_written()
    {
        var digest = Row("""{"source":"s","externalId":"1","name":"abc","volume":5}""").Digest;

        Assert.Equal(
            digest,
            Row(
                """{"name":"abc", "externalId":"1","source":"s","volume":5.000,"outcome":null,"description":""}"""
            ).Digest
        );
        foreach (
            var (member, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("name", "\"abd\""),
                    ("description", "\"d\""),
                    ("category", "\"c\""),
                    ("status", "\"active\""),
                    ("outcome", "\"NO\""),
                    ("volume", "5.01"),
                    ("creator", "\"c\""),
                    ("createdAt", "\"2021-01-01T00:00:00Z\""),
                    ("endsAt", "\"2021-01-01T00:00:00Z\""),
                ]
        )
        {
            var line = JsonNode.Parse("""{"source":"s","externalId":"1","name":"abc","volume":5}""")!.AsObject();
            line[member] = JsonNode.Parse(value);
            Assert.NotEqual(digest, Row(line.ToJsonString()).Digest);
        }
    }

    [Fact]
    public void Has_the_same_digest_when_time_has_decided_otherwise()
    {
        var line = Line("endsAt", "\"2027-01-01T00:00:00Z\"");

        var (before, after) = (Row(line), Row(line, Now.AddYears(1)));

        Assert.Equal(("active", "closed"), (before.Status, after.Status));
        Assert.Equal(before.Digest, after.Digest);
    }

    internal static string Line(string member, string value)
    {
        var members = new Dictionary<string, string>
        {
            ["source"] = "\"s\"",
            ["externalId"] = "\"1\"",
            ["name"] = "\"abc\"",
            [member] = value,
        };
        return "{" + string.Join(',', members.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }

    internal static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    internal static ImportMarketsRow Row(string line, DateTime? now = null)
    {
        Assert.Null(Parse(line, now ?? Now, out var row));
        return row!;
    }

    internal static string? Reason(string line) => Parse(line, Now, out _);

    private static string? Parse(string line, DateTime now, out ImportMarketsRow? row) =>
        new ImportMarketsParser(new ImportMarketsValidator(), now).Parse(
            new ImportMarketsText(1, Encoding.UTF8.GetBytes(line), false),
            out row
        );
}
