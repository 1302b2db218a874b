using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ListMarkets;

public sealed class ListMarketsValidationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Uuid = "01890000-0000-7000-8000-000000000001";

    [Theory]
    [InlineData("minVolume")]
    [InlineData("maxVolume")]
    public async Task Says_the_largest_volume_that_there_can_be(string parameter)
    {
        var result = await api.ListAsync($"{parameter}=10000000000000000", status: 400);

        var detail = result.Json().GetProperty("details").EnumerateArray().Single();
        Assert.Equal("InvalidAmount", detail.Text("code"));
        Assert.Contains("from 0 to 9,999,999,999,999,999.99,", detail.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "open")]
    [InlineData("status", "Active")]
    [InlineData("status", "active%20")]
    [InlineData("status", "active,closed")]
    [InlineData("status", "1")]
    [InlineData("status", "active%00")]
    [InlineData("category", "Sports")]
    [InlineData("category", "a_b")]
    [InlineData("category", "a%20b")]
    [InlineData("category", "sport%0A")]
    [InlineData("category", "sport%00")]
    [InlineData("category", "%C3%A9t%C3%A9")]
    [InlineData("category", "%D9%A1")]
    [InlineData("category", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("creatorId", "1")]
    [InlineData("creatorId", "alice")]
    [InlineData("creatorId", "01890000000070008000000000000001")]
    [InlineData("creatorId", "{01890000-0000-7000-8000-000000000001}")]
    [InlineData("creatorId", "01890000-0000-7000-8000-00000000000g")]
    [InlineData("creatorId", "0x890000-0000-7000-8000-000000000001")]
    [InlineData("creatorId", "%2B1890000-0000-7000-8000-000000000001")]
    [InlineData("creatorId", "%20" + Uuid)]
    [InlineData("creatorId", Uuid + "%20")]
    [InlineData("creatorId", Uuid + "," + Uuid)]
    [InlineData("ids", "1")]
    [InlineData("ids", ",")]
    [InlineData("ids", Uuid + ",")]
    [InlineData("ids", "," + Uuid)]
    [InlineData("ids", Uuid + ",," + Uuid)]
    [InlineData("ids", Uuid + ",%20" + Uuid)]
    [InlineData("ids", Uuid + ";" + Uuid)]
    [InlineData("ids", Uuid + ",x")]
    [InlineData("minVolume", "-1")]
    [InlineData("minVolume", "-0.01")]
    [InlineData("minVolume", "0.001")]
    [InlineData("minVolume", "1.0000000000000000000000000000000001")]
    [InlineData("minVolume", "NaN")]
    [InlineData("minVolume", "Infinity")]
    [InlineData("minVolume", "1e400")]
    [InlineData("minVolume", "1e2")]
    [InlineData("minVolume", "1,000")]
    [InlineData("minVolume", "0x10")]
    [InlineData("minVolume", "%2012")]
    [InlineData("minVolume", "12%00")]
    [InlineData("minVolume", "12.")]
    [InlineData("minVolume", ".5")]
    [InlineData("minVolume", "(1)")]
    [InlineData("minVolume", "$1")]
    [InlineData("minVolume", "%D9%A1")]
    [InlineData("minVolume", "10000000000000000")]
    [InlineData("minVolume", "99999999999999999999999999999999999999999999")]
    [InlineData("maxVolume", "-1")]
    [InlineData("maxVolume", "1.234")]
    [InlineData("maxVolume", "NaN")]
    [InlineData("maxVolume", "10000000000000000")]
    [InlineData("endsAfter", "tomorrow")]
    [InlineData("endsAfter", "2030-01-01")]
    [InlineData("endsAfter", "2030-01-01T12:00:00")]
    [InlineData("endsAfter", "2030-01-01T12:00Z")]
    [InlineData("endsAfter", "2030-01-01%2012:00:00Z")]
    [InlineData("endsAfter", "2030-01-01T12:00:00+02:00")]
    [InlineData("endsAfter", "2030-01-01T12:00:00%2B0200")]
    [InlineData("endsAfter", "2030-01-01T12:00:00%2B25:00")]
    [InlineData("endsAfter", "2030-01-01T12:00:00.Z")]
    [InlineData("endsAfter", "2030-02-30T12:00:00Z")]
    [InlineData("endsAfter", "2030-13-01T12:00:00Z")]
    [InlineData("endsAfter", "2029-02-29T12:00:00Z")]
    [InlineData("endsAfter", "2030-01-01T24:00:00Z")]
    [InlineData("endsAfter", "2030-01-01T12:60:00Z")]
    [InlineData("endsAfter", "2030-06-30T23:59:60Z")]
    [InlineData("endsAfter", "0000-01-01T00:00:00Z")]
    [InlineData("endsAfter", "9999-12-31T23:59:59-01:00")]
    [InlineData("endsAfter", "0001-01-01T00:00:00%2B01:00")]
    [InlineData("endsAfter", "12030-01-01T00:00:00Z")]
    [InlineData("endsAfter", "1899-12-31T23:59:59Z")]
    [InlineData("endsAfter", "2030-01-01T12:00:00%2B24:00")]
    [InlineData("endsAfter", "1893499200")]
    [InlineData("endsAfter", "2030-W01-1T12:00:00Z")]
    [InlineData("endsBefore", "2030-01-01T12:00:00")]
    [InlineData("endsBefore", "2030-06-31T12:00:00Z")]
    [InlineData("endsBefore", "infinity")]
    [InlineData("sort", "Volume")]
    [InlineData("sort", "created_at")]
    [InlineData("sort", "id")]
    [InlineData("sort", "-volume")]
    [InlineData("sort", "volume,name")]
    [InlineData("sort", "volume;DROP TABLE markets")]
    [InlineData("order", "DESC")]
    [InlineData("order", "ascending")]
    [InlineData("order", "1")]
    [InlineData("limit", "0")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "101")]
    [InlineData("limit", "abc")]
    [InlineData("limit", "1.5")]
    [InlineData("limit", "5.0")]
    [InlineData("limit", "1e1")]
    [InlineData("limit", " 5")]
    [InlineData("limit", "5%20")]
    [InlineData("limit", "5%00")]
    [InlineData("limit", "%D9%A5")]
    [InlineData("limit", "0x5")]
    [InlineData("limit", "1,0")]
    [InlineData("limit", "2147483648")]
    [InlineData("limit", "99999999999999999999999999")]
    [InlineData("offset", "-1")]
    [InlineData("offset", "10001")]
    [InlineData("offset", "abc")]
    [InlineData("offset", "0.5")]
    [InlineData("offset", "9223372036854775808")]
    [InlineData("count", "yes")]
    [InlineData("count", "1")]
    [InlineData("count", "True")]
    [InlineData("count", "%20true")]
    [InlineData("cursor", "%20")]
    [InlineData("page", "2")]
    [InlineData("q", "word")]
    [InlineData("Limit", "5")]
    [InlineData("STATUS", "active")]
    [InlineData("creator_id", Uuid)]
    [InlineData("limit[]", "5")]
    public async Task Rejects_an_invalid_value(string parameter, string value)
    {
        var result = await api.ListAsync($"{parameter}={value}", status: 400);

        result.ShouldBeProblem(400, "Validation failed", parameter);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("category")]
    [InlineData("creatorId")]
    [InlineData("ids")]
    [InlineData("minVolume")]
    [InlineData("maxVolume")]
    [InlineData("endsAfter")]
    [InlineData("endsBefore")]
    [InlineData("sort")]
    [InlineData("order")]
    [InlineData("limit")]
    [InlineData("offset")]
    [InlineData("cursor")]
    [InlineData("count")]
    public async Task Rejects_an_empty_or_repeated_parameter(string parameter)
    {
        foreach (var query in (string[])[$"{parameter}=", parameter, $"{parameter}=1&{parameter}=1"])
        {
            var result = await api.ListAsync(query, status: 400);

            result.ShouldBeProblem(400, "Validation failed", parameter);
        }
    }

    [Theory]
    [InlineData("minVolume=10&maxVolume=9.99", "minVolume")]
    [InlineData("endsAfter=2030-01-01T12:00:00.000001Z&endsBefore=2030-01-01T12:00:00Z", "endsAfter")]
    [InlineData("endsAfter=2030-01-01T12:00:00Z&endsBefore=2030-01-01T12:00:00%2B00:01", "endsAfter")]
    public async Task Rejects_an_inverted_range(string query, string field)
    {
        var result = await api.ListAsync(query, status: 400);

        result.ShouldBeProblem(400, "Validation failed", field);
    }

    [Fact]
    public async Task Rejects_more_than_a_hundred_ids()
    {
        var ids = string.Join(',', Enumerable.Range(0, 101).Select(_ => Guid.NewGuid()));

        var result = await api.ListAsync($"ids={ids}", status: 400);

        result.ShouldBeProblem(400, "Validation failed", "ids");
    }

    [Theory]
    [InlineData("limit=abc&offset=x&minVolume=NaN&count=yes&creatorId=1&endsAfter=now&page=2&sort=")]
    [InlineData("limit=0&offset=10001&minVolume=-1&maxVolume=0.001&status=open&category=A&sort=id&order=up&ids=1")]
    public async Task Reports_several_errors_at_once(string query)
    {
        var result = await api.ListAsync(query, status: 400);

        result.ShouldBeProblem(
            400,
            "Validation failed",
            [.. query.Split('&').Select(parameter => parameter.Split('=')[0])]
        );
    }
}
