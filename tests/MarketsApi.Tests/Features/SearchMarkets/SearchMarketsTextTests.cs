using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Tests.Features.Shared;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>Any text gets a response, and quickly.</summary>
public sealed class SearchMarketsTextTests(SearchCorpus api) : IClassFixture<SearchCorpus>
{
    private static readonly string[] Parts =
    [
        "chess",
        "will",
        "the",
        "shutdwon",
        " ",
        " ",
        "'",
        "\"",
        "\\",
        "%",
        "_",
        "*",
        ":*",
        "&",
        "|",
        "!",
        "(",
        ")",
        "<->",
        "<",
        ">",
        "-",
        "--",
        "/",
        ".",
        "..",
        "@",
        "http://a.b/c?d=e",
        "a.b@c.de",
        "1e400",
        "-5",
        "+3.5",
        "1,000,000",
        "U.S.A.",
        "'s",
        "e\u0301",
        "\u0301",
        "\u200b",
        "\u202e",
        "\ufffe",
        "😀",
        "👩‍👩‍👧",
        "日本語",
        "ß",
        "İ",
        "ǅ",
        "ﬁ",
        "Ω",
        "\u00a0",
        "\u3000",
        "$$",
        ";",
        "NULL",
        "&amp;",
        "<b>",
        "{}",
        "[]",
        "~",
        "`",
        "^",
        "=",
        "#",
        "\u0085",
        "\u0000",
        "\t",
    ];

    [Fact]
    public async Task Any_text_is_searched_for_or_rejected() =>
        await Task.Run(
            () =>
                Check.One(
                    Config.QuickThrowOnFailure.WithMaxTest(250),
                    Prop.ForAll(
                        Arb.From(Gen.Elements(Parts).NonEmptyListOf().Select(parts => string.Concat(parts))),
                        text => HoldsAsync(text).GetAwaiter().GetResult()
                    )
                ),
            TestContext.Current.CancellationToken
        );

    [Fact]
    public async Task Long_and_odd_texts_take_no_time()
    {
        string[] texts =
        [
            new('a', 200),
            // As many combining marks in a row as are taken.
            string.Concat(Enumerable.Repeat("a" + new string('\u0301', 30), 6)),
            string.Concat(Enumerable.Repeat("a ", 100)),
            string.Join(' ', Enumerable.Range(0, 50).Select(n => "q" + n)),
            string.Join(' ', Enumerable.Range(0, 28).Select(n => "abcd" + (char)('a' + (n % 26)) + "k")),
            new('\\', 200),
            new('%', 200),
            new('.', 200),
            string.Concat(Enumerable.Repeat("a.", 100)),
            string.Concat(Enumerable.Repeat("1,111", 40)),
            "a",
        ];
        foreach (var text in texts)
        {
            await api.SearchAsync(text);
            var clock = Stopwatch.StartNew();
            await api.SearchAsync(text + (text.Length < 200 ? "b" : ""));
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"{text} took {clock.Elapsed}");
        }
    }

    private async Task HoldsAsync(string text)
    {
        using var response = await api.Live.Client.GetAsync($"/api/markets/search?q={Uri.EscapeDataString(text)}");
        Assert.True((int)response.StatusCode is 200 or 400, $"{response.StatusCode} for {text}");
    }
}
