using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>What people type, and what they mean by it.</summary>
public sealed class SearchMarketsWordTests(SearchCorpus api) : IClassFixture<SearchCorpus>
{
    [Theory]
    // Words, in any order and form.
    [InlineData("chess championship", "Who wins the chess world championship?")]
    [InlineData("championships of chess", "Who wins the chess world championship?")]
    [InlineData("symphony orchestras", "Will the orchestra play all nine symphonies?")]
    [InlineData("mined bitcoins", "Will bitcoin mining be banned in another country?")]
    // Without accents, and with those that the text lacks.
    [InlineData("lefevre besancon", "Will Éric Lefèvre be elected mayor of Besançon?")]
    [InlineData("DOGAN", "Does Recep Doğan remain in office?")]
    [InlineData("hurricáne flörida", "Will a hurricane make landfall in Florida in June?")]
    // Misspelt: a letter too many, one lacking, two exchanged, one mistaken.
    [InlineData("goverment shutdwon autumn", "Will there be another shutdown of the federal government in autumn?")]
    [InlineData("huricane", "Will a hurricane make landfall in Florida in June?")]
    [InlineData("telescoppe", "Will the space telescope find water on an exoplanet?")]
    [InlineData("malraia", "Does the vaccine against malaria reach a million children?")]
    [InlineData("chses", "Who wins the chess world championship?")]
    [InlineData("mras 2035", "Will humans walk on Mars by 2035?")]
    [InlineData("mirs 2035", "Will humans walk on Mars by 2035?")]
    // While typing.
    [InlineData("hurr", "Will a hurricane make landfall in Florida in June?")]
    [InlineData("best pictu", "Does the film win best picture?")]
    [InlineData("exopl", "Will the space telescope find water on an exoplanet?")]
    // Numbers and abbreviations, however they are written.
    [InlineData("bitcoin 100000", "Does Bitcoin close above $100,000 this year?")]
    [InlineData("US senate", "Will the U.S. Senate confirm the nominee?")]
    [InlineData("mars 2035", "Will humans walk on Mars by 2035?")]
    [InlineData("mars2035", "Will humans walk on Mars by 2035?")]
    // A word that begins others, rarer ones too, and several of one name.
    [InlineData("us", "Will the U.S. Senate confirm the nominee?")]
    // Questions, and nothing but stop words.
    [InlineData("When will people be on Mars?", "Will humans walk on Mars by 2035?")]
    [InlineData("to be or not to be", "To be or not to be: does the theatre open?")]
    // Words of the description.
    [InlineData("fourteen classical games", "Who wins the chess world championship?")]
    [InlineData("new registration", "Will electric cars outsell petrol cars?")]
    public async Task Finds_what_is_meant_first(string query, string name) =>
        Assert.Equal(name, (await api.NamesAsync(query))[0]);

    [Fact]
    public async Task A_name_weighs_more_than_a_description()
    {
        Assert.Equal(
            [
                "Who wins the chess world championship?",
                "Will a grandmaster under sixteen play in the candidates tournament?",
            ],
            await api.NamesAsync("chess")
        );
        Assert.Equal(
            ["Will humans walk on Mars by 2035?", "Will a rover find traces of life?"],
            await api.NamesAsync("mars")
        );
    }

    [Fact]
    public async Task What_has_more_of_the_words_comes_first_and_what_has_some_comes_after()
    {
        var names = await api.NamesAsync("government shutdown february");

        Assert.Equal("Will the government shutdown end before February?", names[0]);
        Assert.Equal("Will there be another shutdown of the federal government in autumn?", names[1]);
    }

    [Fact]
    public async Task Items_are_the_list_form_with_a_score_that_falls()
    {
        var result = await api.SearchAsync("will the government shutdown bitcoin chess mars", "&limit=50");
        var items = result.Data().EnumerateArray().ToList();

        Assert.True(items.Count > 4);
        Assert.All(items, item => Assert.True(item.Score() > 0));
        Assert.Equal(
            items
                .OrderByDescending(item => item.Score())
                .ThenBy(item => item.Text("id"), StringComparer.Ordinal)
                .Select(item => item.Id()),
            items.Select(item => item.Id())
        );
        Assert.Equal(
            [
                "id",
                "externalId",
                "name",
                "category",
                "status",
                "outcome",
                "volume",
                "mechanism",
                "pool",
                "probability",
                "endsAt",
                "createdAt",
                "updatedAt",
                "resolvedAt",
                "version",
                "creator",
                "score",
            ],
            items[0].EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("Maker", items[0].GetProperty("creator").Text("displayName"));
        Assert.Equal(50, result.Meta().GetProperty("limit").GetInt32());
        Assert.Contains(result.Meta().Text("mode"), (string[])["lexical", "hybrid"]);
    }

    [Theory]
    [InlineData("xylophonist")]
    // A name has UFC276: a wrong number isn't a misspelling.
    [InlineData("ufc271")]
    [InlineData("?!")]
    [InlineData("😀")]
    public async Task Nothing_found_is_an_empty_list(string query)
    {
        var result = await api.SearchAsync(query);

        Assert.Empty(result.Names());
        Assert.Equal(10, result.Meta().GetProperty("limit").GetInt32());
    }
}
