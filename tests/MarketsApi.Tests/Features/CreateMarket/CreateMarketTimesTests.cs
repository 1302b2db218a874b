using System.Globalization;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.CreateMarket;

public sealed class CreateMarketTimesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("2099-06-01T12:00:00Z", "2099-06-01T12:00:00Z")]
    [InlineData("2099-06-01t12:00:00z", "2099-06-01T12:00:00Z")]
    [InlineData("2099-06-01T12:00:00+02:00", "2099-06-01T10:00:00Z")]
    [InlineData("2099-06-01T12:00:00-05:30", "2099-06-01T17:30:00Z")]
    [InlineData("2099-06-01T12:00:00-00:00", "2099-06-01T12:00:00Z")]
    [InlineData("2099-06-01T12:00:00+14:00", "2099-05-31T22:00:00Z")]
    [InlineData("2099-06-01T12:00:00+23:59", "2099-05-31T12:01:00Z")]
    [InlineData("2096-02-29T00:00:00-23:59", "2096-02-29T23:59:00Z")]
    [InlineData("2099-06-01T12:00:00.5Z", "2099-06-01T12:00:00.5Z")]
    [InlineData("2099-06-01T12:00:00.000Z", "2099-06-01T12:00:00Z")]
    [InlineData("2099-06-01T12:00:00.123456Z", "2099-06-01T12:00:00.123456Z")]
    [InlineData("2099-06-01T12:00:00.1234569Z", "2099-06-01T12:00:00.123456Z")]
    [InlineData("2099-06-01T12:00:00.99999999999999999999Z", "2099-06-01T12:00:00.999999Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z")]
    public async Task Returns_a_time_in_UTC_to_the_microsecond(string sent, string stored)
    {
        var response = await PostAsync($"\"{sent}\"");

        var market = response.Data(201);
        Assert.Equal(stored, market.Text("endsAt"));
        Assert.Equal(market.GetRawText(), (await api.ReadMarketAsync(market.Id())).GetRawText());
    }

    [Theory]
    [InlineData("\"2099-06-01T12:00:00\"")]
    [InlineData("\"2099-06-01\"")]
    [InlineData("\"2099-06-01 12:00:00Z\"")]
    [InlineData("\" 2099-06-01T12:00:00Z\"")]
    [InlineData("\"2099-06-01T12:00:00Z \"")]
    [InlineData("\"2099-06-01T12:00Z\"")]
    [InlineData("\"2099-06-01T12:00:00.Z\"")]
    [InlineData("\"2099-06-01T12:00:00,5Z\"")]
    [InlineData("\"2099-06-01T12:00:00+0200\"")]
    [InlineData("\"2099-06-01T12:00:00+02\"")]
    [InlineData("\"2099-06-01T12:00:00+24:00\"")]
    [InlineData("\"2099-06-01T12:00:00+02:60\"")]
    [InlineData("\"2099-06-01T24:00:00Z\"")]
    [InlineData("\"2099-06-30T23:59:60Z\"")]
    [InlineData("\"2099-02-29T12:00:00Z\"")]
    [InlineData("\"2099-13-01T12:00:00Z\"")]
    [InlineData("\"2099-00-01T12:00:00Z\"")]
    [InlineData("\"0000-01-01T00:00:00Z\"")]
    [InlineData("\"10000-01-01T00:00:00Z\"")]
    [InlineData("\"9999-12-31T23:59:59-01:00\"")]
    [InlineData("\"0001-01-01T00:00:00+01:00\"")]
    [InlineData("\"1899-12-31T23:59:59Z\"")]
    [InlineData("\"1900-01-01T00:00:00+00:01\"")]
    [InlineData("\"２０９９-06-01T12:00:00Z\"")]
    [InlineData("\"4102444800\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"\"")]
    [InlineData("4102444800")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"2099-06-01T12:00:00\\u0000Z\"")]
    [InlineData("\"\\ud800\"")]
    public async Task Rejects_anything_but_a_time_with_a_zone(string json)
    {
        var response = await PostAsync(json);

        response.ShouldBeProblem(400, "Validation failed", "$.endsAt");
    }

    [Fact]
    public async Task Rejects_a_time_that_is_not_in_the_future()
    {
        (await PostAsync(Text(api.Clock.GetUtcNow()))).ShouldBeProblem(400, "Validation failed", "endsAt");
        (await PostAsync(Text(api.Clock.GetUtcNow().AddSeconds(-1)))).ShouldBeProblem(
            400,
            "Validation failed",
            "endsAt"
        );
        (await PostAsync("\"1900-01-01T00:00:00Z\"")).ShouldBeProblem(400, "Validation failed", "endsAt");
        (await PostAsync(Text(api.Clock.GetUtcNow().AddSeconds(30)))).Data(201);

        static string Text(DateTimeOffset time) => $"\"{time.ToString("O", CultureInfo.InvariantCulture)}\"";
    }

    private Task<RawResponse> PostAsync(string endsAt) =>
        api.SendAsync("POST", "/api/markets", $$"""{"name":"Will it end?","endsAt":{{endsAt}}}""");
}
