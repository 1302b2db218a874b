using MarketsApi.Features.ListMarkets;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Http.Paging;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>Cursors with the right checksum, which any reader of the source can make, around a key that no page returns.</summary>
public sealed class ListMarketsForgedCursorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("volume", "12.34")]
    [InlineData("volume", "0")]
    [InlineData("volume", "9999999999999999.99")]
    [InlineData("createdAt", "0")]
    [InlineData("createdAt", "638712345678901234")]
    [InlineData("createdAt", "3155378975999999999")]
    [InlineData("endsAt", "")]
    [InlineData("endsAt", "0")]
    [InlineData("endsAt", "3155378975999999999")]
    [InlineData("name", "")]
    [InlineData("name", "anything")]
    [InlineData("name", "\uFFFE\uFFFF\uFFFD")]
    [InlineData("name", "'; DROP TABLE markets; --")]
    public async Task Starts_at_a_key_that_a_market_could_have(string sort, string key)
    {
        await api.PutAsync(new MarketRow());

        foreach (var order in (string[])["asc", "desc"])
        {
            await api.ListAsync($"sort={sort}&order={order}&cursor={Forge(sort, order, key)}");
        }
    }

    [Theory]
    [InlineData("volume", "")]
    [InlineData("volume", "-1")]
    [InlineData("volume", "-0.01")]
    [InlineData("volume", "0.001")]
    [InlineData("volume", "10000000000000000")]
    [InlineData("volume", "99999999999999999999999999999999999999")]
    [InlineData("volume", "1e3")]
    [InlineData("volume", "NaN")]
    [InlineData("volume", "Infinity")]
    [InlineData("volume", " 1")]
    [InlineData("volume", "1,000")]
    [InlineData("volume", "\0")]
    [InlineData("createdAt", "")]
    [InlineData("createdAt", "-1")]
    [InlineData("createdAt", "3155378976000000000")]
    [InlineData("createdAt", "9223372036854775807")]
    [InlineData("createdAt", "9223372036854775808")]
    [InlineData("createdAt", "99999999999999999999999999999999999999")]
    [InlineData("createdAt", "2030-01-01T12:00:00Z")]
    [InlineData("endsAt", " ")]
    [InlineData("endsAt", "infinity")]
    [InlineData("endsAt", "\0")]
    [InlineData("endsAt", "3155378976000000000")]
    [InlineData("name", "\0")]
    [InlineData("name", "a\0b")]
    [InlineData("name", "line\nbreak")]
    public async Task Rejects_a_key_that_no_market_can_have(string sort, string key)
    {
        foreach (var order in (string[])["asc", "desc"])
        {
            var cursor = Forge(sort, order, key);
            var result = await api.ListAsync($"sort={sort}&order={order}&cursor={cursor}", status: 400);

            result.ShouldBeProblem(400, "Validation failed", "cursor");
        }
    }

    [Fact]
    public async Task Accepts_or_rejects_a_key_that_is_longer_than_any_name()
    {
        foreach (var length in (int[])[1_000, 2_000, 3_000, 5_000])
        {
            var cursor = Forge("name", "asc", new string('x', length));

            await api.ListAsync($"sort=name&order=asc&cursor={cursor}", status: cursor.Length > 4_096 ? 400 : 200);
        }
    }

    private static string Forge(string sort, string order, string key)
    {
        var query = new ListMarketsQuery(new ListMarketsRequest { Sort = sort, Order = order }, Caller.Anonymous);
        return new Cursor(key, Guid.NewGuid()).Encode(query.Binding);
    }
}
