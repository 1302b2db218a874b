using System.Text.Json;
using Xunit;
using static MarketsApi.Tests.Features.ImportMarkets.ImportMarketsParserTests;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>What other sites write in their own form, and the form that it is brought to.</summary>
public sealed class ImportMarketsFormsTests
{
    [Theory]
    [InlineData("\"resolution\":\"yes\"", "resolved", "yes")]
    [InlineData("\"resolution\":\"NO\",\"outcome\":\"no\"", "resolved", "no")]
    [InlineData("\"resolution\":\"CANCEL\"", "cancelled", null)]
    [InlineData("\"resolution\":\"n/a\",\"status\":\"resolved\"", "cancelled", null)]
    [InlineData("\"resolution\":\"annulled\",\"status\":\"active\"", "cancelled", null)]
    public void Reads_a_resolution_as_other_sites_write_it(string members, string status, string? outcome)
    {
        var row = Row($$"""{"externalId":"1","source":"s","name":"Why?",{{members}}}""");

        Assert.Equal((status, outcome), (row.Status, row.Outcome));
    }

    [Theory]
    [InlineData("[1]", "If the file is one JSON array, jq -c '.[]' turns it into lines.")]
    [InlineData(" [{", "If the file is one JSON array, jq -c '.[]' turns it into lines.")]
    [InlineData("{\r", "If markets are on several lines each, jq -c . puts each on one.")]
    [InlineData("{\0\"\0", "If the file is UTF-16, iconv -f UTF-16 -t UTF-8 turns it into UTF-8.")]
    public void Says_what_to_do_about_a_file_of_another_form(string line, string hint) =>
        Assert.EndsWith(". " + hint, Reason(line), StringComparison.Ordinal);

    [Fact]
    public void Rejects_an_outcome_and_a_resolution_that_contradict_each_other() =>
        Assert.Equal(
            "outcome and resolution contradict each other.",
            Reason("""{"source":"s","externalId":"1","name":"abc","outcome":"YES","resolution":"NO"}""")
        );

    [Fact]
    public void Reads_numbers_in_quotes_and_times_in_milliseconds()
    {
        var row = Row(
            """{"externalId":"1","source":"s","name":"Why?","volume":"12.345","createdAt":-1,"endsAt":1924992000000}"""
        );

        Assert.Equal(12.35m, row.Volume);
        Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(-1), row.CreatedAt);
        Assert.Equal(new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc), row.EndsAt);
    }

    [Theory]
    [InlineData("\"1e2\"", 100)]
    [InlineData("\"+5\"", 5)]
    [InlineData("2.67444444444444444444444444444444444444444", 2.67)]
    [InlineData("1e-400", 0)]
    public void Rounds_a_volume_of_any_length(string sent, double stored) =>
        Assert.Equal(
            (decimal)stored,
            Row($$"""{"externalId":"1","source":"s","name":"Why?","volume":{{sent}}}""").Volume
        );

    [Fact]
    public void Reads_the_last_millisecond_of_the_year_9999() =>
        Assert.Equal(
            new DateTime(9999, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc),
            Row("""{"externalId":"1","source":"s","name":"Why?","endsAt":253402300799999}""").EndsAt
        );

    [Theory]
    [InlineData("x\ufffey", "x-y")]
    [InlineData("\ufffe", null)]
    [InlineData("a\ufdd0b", "a-b")]
    [InlineData("\ud83d\ude00", null)]
    public void Brings_a_category_to_its_form_whatever_is_in_it(string given, string? stored) =>
        Assert.Equal(
            stored,
            Row(
                $$"""{"externalId":"1","source":"s","name":"Why?","category":{{JsonSerializer.Serialize(given)}}}"""
            ).Category
        );

    /// <remarks>Normalization is quadratic in a run of marks: with them this would take minutes.</remarks>
    [Fact]
    public void Takes_no_longer_for_a_category_of_nothing_but_marks()
    {
        var marks = string.Concat(
            new[] { '\u0345', '\u035d', '\u0315', '\u0301' }.Select(mark => new string(mark, 80_000))
        );

        Assert.Equal("a", Row($$"""{"externalId":"1","source":"s","name":"Why?","category":"a{{marks}}"}""").Category);
    }

    [Theory]
    [InlineData("US Politics", "us-politics")]
    [InlineData("--R&D / AI--", "r-d-ai")]
    [InlineData("a--b", "a-b")]
    [InlineData("東京", null)]
    [InlineData("", null)]
    [InlineData("COVID19", "covid19")]
    [InlineData("Cafe\u0301 & Cr\u00e8me", "cafe-creme")]
    public void Brings_a_category_to_its_form(string given, string? stored) =>
        Assert.Equal(stored, Row(Line("category", JsonSerializer.Serialize(given))).Category);

    [Fact]
    public void Cuts_a_category_without_leaving_a_hyphen() =>
        Assert.Equal(new string('a', 49), Row(Line("category", $"\"{Repeat("a", 49)} {Repeat("b", 10)}\"")).Category);

    [Theory]
    [InlineData("Économie Générale", "economie-generale")]
    [InlineData("Ευρώπη", null)]
    public void Drops_the_accents_of_a_category(string given, string? stored)
    {
        Assert.Equal(stored, Row(Line("category", JsonSerializer.Serialize(given))).Category);
    }
}
