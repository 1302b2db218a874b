using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>Words first, and behind them what only vectors find.</summary>
public sealed class SearchMarketsVectorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Vectors_fill_what_words_left_empty_and_never_come_before_them()
    {
        var byWords = await api.CreateAsync("Will rhinefreeze be a word by 2030?");
        var byVectors = await api.CreateAsync("Will the Rhine freeze at Cologne before March?");
        await api.CreateAsync("Will the Rhine freeze at Cologne before March, too?", status: "draft");
        await api.CreateAsync("Does anybody read the small print of a lottery ticket?");
        await api.ReindexAsync();
        // What is known of the models may be two seconds old.
        api.Clock.Advance(TimeSpan.FromSeconds(3));

        var result = await api.SearchAsync("rhinefreeze atcologne", "&explain=true", api.Admin);

        Assert.Equal("hybrid", result.Meta().Text("mode"));
        var items = result.Data().EnumerateArray().ToList();
        Assert.Equal([byWords, byVectors], items.Select(item => item.Id()));
        Assert.True(items[0].Score() > items[1].Score());
        Assert.Equal(1, items[0].GetProperty("ranks").GetProperty("words").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, items[1].GetProperty("ranks").GetProperty("words").ValueKind);
        Assert.InRange(items[1].GetProperty("ranks").GetProperty("vectors").GetInt32(), 1, 2);
    }
}
