using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>A request with every possible error; each step fixes one, and the response reports the first that is left.</summary>
public sealed class ProblemOrderTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Json = "application/json";
    private static readonly string Huge = new(' ', 70_000);

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Returns_problems_in_the_order_of_the_contract(string method)
    {
        var foreignDraft = (await api.CreateMarketAsync(api.Bob, ApiFixture.NewMarket(status: "draft"))).Id();
        var foreign = (await api.CreateMarketAsync(api.Bob)).Id();
        var own = (await api.CreateMarketAsync()).Id();
        var badToken = Tokens.For(api.Alice, secret: "another-secret-that-has-more-than-32-bytes");
        var powerless = User.New("guest").Token;
        var broken = """{"name":5}""";
        var invalid = """{"name":"no","endsAt":"2001-01-01T00:00:00Z","status":"closed"}""";
        var illegal = """{"name":"Fine","endsAt":"2001-01-01T00:00:00Z","status":"resolved"}""";
        var unstorable = """{"name":"Fine","endsAt":"2001-01-01T00:00:00Z","status":"active","outcome":"yes"}""";
        var good = """{"name":"Fine","endsAt":"2099-01-01T00:00:00Z","status":"active"}""";

        await ExpectAsync("/api/nothing/here", Huge, "text/plain", "", "?", 404, "Route not found");
        await ExpectAsync($"/api/markets/{own}/name", Huge, "text/plain", "", "?", 404, "Route not found");
        await ExpectAsync("/api/markets", Huge, "text/plain", "", "?", 405, "Method not allowed");
        await ExpectAsync("/api/markets/nothing", Huge, "text/plain", "", "?", 401, "Missing authorization token");
        await ExpectAsync("/api/markets/nothing", Huge, "text/plain", badToken, "?", 401, "Invalid token");
        await ExpectAsync("/api/markets/nothing", Huge, "text/plain", powerless, "?", 403, "Insufficient permissions");
        await ExpectAsync(
            $"/api/markets/{Guid.NewGuid()}",
            Huge,
            "text/plain",
            null,
            "?",
            413,
            "Request body is larger than 65,536 bytes"
        );
        await ExpectAsync(
            $"/api/markets/{Guid.NewGuid()}",
            broken,
            "text/plain",
            null,
            "?",
            415,
            method == "PUT"
                ? "Send the body as application/json, in UTF-8"
                : "Send the body as application/merge-patch+json or application/json, in UTF-8"
        );
        await ExpectInvalidAsync($"/api/markets/{Guid.NewGuid()}?pretty=true", broken, "?", "If-Match", "pretty");
        await ExpectInvalidAsync($"/api/markets/{Guid.NewGuid()}", broken, "?", "If-Match");
        await ExpectInvalidAsync($"/api/markets/{Guid.NewGuid()}", broken, "\"99\"", "$.name");
        await ExpectInvalidAsync($"/api/markets/{Guid.NewGuid()}", invalid, "\"99\"", "name");
        await ExpectAsync($"/api/markets/{Guid.NewGuid()}", illegal, Json, null, "\"99\"", 404, "Market not found");
        await ExpectAsync("/api/markets/nothing", illegal, Json, null, "\"99\"", 404, "Market not found");
        await ExpectAsync($"/api/markets/{foreignDraft}", illegal, Json, null, "\"99\"", 404, "Market not found");
        await ExpectAsync($"/api/markets/{foreign}", illegal, Json, null, "\"99\"", 403, "Insufficient permissions");
        await ExpectAsync(
            $"/api/markets/{own}",
            illegal,
            Json,
            null,
            "\"99\"",
            412,
            "Market was changed by someone else"
        );
        await ExpectAsync(
            $"/api/markets/{own}",
            illegal,
            Json,
            null,
            "\"1\"",
            409,
            "A market that is active can't become resolved; it can become closed or cancelled"
        );
        await ExpectInvalidAsync($"/api/markets/{own}", unstorable, "\"1\"", "endsAt", "outcome");
        var response = await SendAsync($"/api/markets/{own}", good, Json, null, "\"1\"");
        Assert.Equal(2, response.Data(200).GetProperty("version").GetInt64());

        Task<RawResponse> SendAsync(string url, string body, string type, string? token, string ifMatch) =>
            api.SendBytesAsync(method, url, Encoding.UTF8.GetBytes(body), type, token, ("If-Match", ifMatch));

        async Task ExpectAsync(
            string url,
            string body,
            string type,
            string? token,
            string ifMatch,
            int status,
            string error
        ) => (await SendAsync(url, body, type, token, ifMatch)).ShouldBeProblem(status, error);

        async Task ExpectInvalidAsync(string url, string body, string ifMatch, params string[] fields) =>
            (await SendAsync(url, body, Json, null, ifMatch)).ShouldBeProblem(400, "Validation failed", fields);
    }

    [Fact]
    public async Task Returns_problems_of_a_delete_in_the_order_of_the_contract()
    {
        var draft = (await api.CreateMarketAsync(api.Bob, ApiFixture.NewMarket(status: "draft"))).Id();
        var market = (await api.CreateMarketAsync(api.Bob)).Id();
        await api.InsertPositionAsync(market);
        var anonymous = "";

        (await SendAsync("/api/markets/nothing", anonymous, "?")).ShouldBeProblem(401, "Missing authorization token");
        (await SendAsync($"/api/markets/{draft}", User.New("guest").Token, "?")).ShouldBeProblem(
            403,
            "Insufficient permissions"
        );
        (await SendAsync($"/api/markets/{draft}", api.Alice.Token, "\"9\"")).ShouldBeProblem(404, "Market not found");
        (await SendAsync($"/api/markets/{market}", api.Alice.Token, "\"9\"")).ShouldBeProblem(
            403,
            "Insufficient permissions"
        );
        (await SendAsync($"/api/markets/{Guid.NewGuid()}", api.Moderator.Token, "?")).ShouldBeProblem(
            400,
            "Validation failed",
            "If-Match"
        );
        (await SendAsync("/api/markets/nothing", api.Moderator.Token, "\"9\"")).ShouldBeProblem(
            404,
            "Market not found"
        );
        (await SendAsync($"/api/markets/{Guid.NewGuid()}", api.Moderator.Token, "\"9\"")).ShouldBeProblem(
            404,
            "Market not found"
        );
        (await SendAsync($"/api/markets/{market}", api.Moderator.Token, "\"9\"")).ShouldBeProblem(
            412,
            "Market was changed by someone else"
        );
        (await SendAsync($"/api/markets/{market}", api.Moderator.Token, "\"1\"")).ShouldBeProblem(
            409,
            "The market has positions and can't be deleted; cancel it instead"
        );

        Task<RawResponse> SendAsync(string url, string token, string ifMatch) =>
            api.SendBytesAsync("DELETE", url, [], null, token, ("If-Match", ifMatch));
    }
}
