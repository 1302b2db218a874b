using System.Text.Json;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>Words and meaning as one list, with the model that the program brings.</summary>
public sealed class SearchMarketsMeaningTests(MeaningFixture api) : IClassFixture<MeaningFixture>
{
    private const string Unemployment = "Will US unemployment exceed 5% in 2027?";

    [Fact]
    public async Task Finds_other_words_of_the_same_meaning()
    {
        var found = await api.SearchAsync("jobless Americans", "&explain=true", api.Admin);

        Assert.Equal("hybrid", found.Meta().Text("mode"));
        var first = found.Data()[0];
        Assert.Equal(Unemployment, first.Text("name"));
        var ranks = first.GetProperty("ranks");
        Assert.Equal(JsonValueKind.Null, ranks.GetProperty("words").ValueKind);
        Assert.Equal(1, ranks.GetProperty("vectors").GetInt32());
        Assert.InRange(ranks.GetProperty("meaning").GetDouble(), 0.3, 1.5);
    }

    [Theory]
    [InlineData("unemployment in 2027")]
    [InlineData("championship")]
    [InlineData("price of cryptocurrency")]
    public async Task The_score_is_the_greater_of_both_and_a_fifth_of_the_other(string query)
    {
        var found = await api.SearchAsync(query, "&explain=true", api.Admin);

        var items = found.Data().EnumerateArray().ToList();
        Assert.NotEmpty(items);
        Assert.All(
            items,
            item =>
            {
                var (words, meaning) = (Rank(item, "wordMatch"), Rank(item, "meaning"));
                Assert.Equal(Math.Max(words, meaning) + (0.2 * Math.Min(words, meaning)), item.Score(), 0.00001);
                Assert.True(words > 0 || meaning >= 0.3);
            }
        );
        Assert.Equal(
            items.OrderByDescending(item => item.Score()).Select(item => item.Id()),
            items.Select(item => item.Id())
        );
    }

    [Theory]
    [InlineData("qwxz vlorp")]
    [InlineData("asdf jkl")]
    [InlineData("%%% ///")]
    public async Task Nonsense_finds_next_to_nothing(string query)
    {
        var found = await api.SearchAsync(query, "&limit=50");

        Assert.InRange(found.Data().GetArrayLength(), 0, 3);
    }

    [Fact]
    public async Task Conditions_hold_for_what_meaning_finds()
    {
        var found = await api.SearchAsync("jobless Americans", "&category=sports");

        Assert.All(found.Data().EnumerateArray(), item => Assert.Equal("sports", item.Text("category")));
    }

    private static double Rank(JsonElement item, string name) =>
        item.GetProperty("ranks").GetProperty(name) is { ValueKind: JsonValueKind.Number } number
            ? number.GetDouble()
            : 0;
}

/// <summary>The program with the model of meaning, and two dozen markets.</summary>
public sealed class MeaningFixture : ApiFixture
{
    private static readonly string[] Sports =
    [
        "Will Brazil win the 2030 World Cup?",
        "Will the Lakers win the NBA championship in 2027?",
        "Who will win Wimbledon in 2027?",
        "Will Lewis Hamilton win another Formula 1 title?",
        "Will Bayern Munich win the Champions League?",
        "Will the 2028 Olympics in Los Angeles sell out?",
    ];

    private static readonly string[] Others =
    [
        "Will US unemployment exceed 5% in 2027?",
        "Will Bitcoin trade above $150,000 in 2027?",
        "Will SpaceX land humans on Mars before 2035?",
        "Will the European Central Bank cut interest rates in March?",
        "Will a magnitude 8 earthquake strike Japan in 2027?",
        "Will Taylor Swift release an album in 2027?",
        "Will the Conservative Party win the next general election?",
        "Will OpenAI release GPT-6 before July 2027?",
        "Will inflation in Germany fall below 2%?",
        "Will Ukraine and Russia sign a ceasefire?",
        "Will Apple announce a foldable iPhone?",
        "Will a hurricane make landfall in Florida this year?",
        "Will the next James Bond film open in 2028?",
        "Will Sweden ratify a new nuclear plant?",
        "Will the price of gold reach $5,000?",
        "Will polio be eradicated by 2030?",
        "Will the Supreme Court overturn the ruling?",
        "Will Turkey hold early elections?",
    ];

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Embeddings:Provider"] = "onnx" };

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await this.PutAsync("sports", [.. Sports.Select(name => (name, ""))]);
        await this.PutAsync("other", [.. Others.Select(name => (name, ""))]);
        await this.RefreshAsync();
        await this.ReindexAsync();
        var embedder = Host.Services.GetRequiredService<Embedders>().Find(EmbeddingModel.Onnx);
        await ((OnnxEmbedder)embedder!).LoadAsync();
        Clock.Advance(TimeSpan.FromSeconds(3));
    }
}
