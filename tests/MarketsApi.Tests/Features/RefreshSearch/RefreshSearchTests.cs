using System.Diagnostics;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.RefreshSearch;

public sealed class RefreshSearchTests(RefreshSearchFixture api) : IClassFixture<RefreshSearchFixture>
{
    [Fact]
    public async Task A_new_market_is_found_by_a_misspelt_word_within_seconds()
    {
        var word = Searching.NewWord();
        await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket($"Will {word} happen?"));
        Assert.Single(await api.NamesAsync(word));
        var misspelt = word[..4] + word[5..];

        var clock = Stopwatch.StartNew();
        while ((await api.NamesAsync(misspelt)).Count == 0)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{misspelt} does not find {word}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
