using Alba;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.GetMarket;

public sealed class GetMarketTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Returns_the_full_form_with_its_entity_tag()
    {
        var created = await api.CreateMarketAsync();

        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{created.Id()}");
            s.Header("ETag").SingleValueShouldEqual("\"1.0\"");
            s.ContentTypeShouldBe("application/json; charset=utf-8");
        });

        Assert.Equal(created.GetRawText(), result.Data().GetRawText());
    }

    [Theory]
    [InlineData("\"1.0\"", 304)]
    [InlineData("W/\"1.0\"", 304)]
    [InlineData("\"9.9\", \"1.0\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"1.1\"", 200)]
    [InlineData("\"1\"", 200)]
    [InlineData("nonsense", 200)]
    [InlineData("\"unfinished", 200)]
    public async Task Returns_304_when_If_None_Match_names_the_current_tag(string tag, int status)
    {
        var created = await api.CreateMarketAsync();

        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{created.Id()}");
            s.WithRequestHeader("If-None-Match", tag);
            s.StatusCodeShouldBe(status);
            s.Header("ETag").SingleValueShouldEqual("\"1.0\"");
        });

        Assert.Equal(status == 304, result.ReadAsText().Length == 0);
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("00000000000070008000000000000000")]
    [InlineData("{00000000-0000-7000-8000-000000000000}")]
    [InlineData("no-uuid")]
    [InlineData("%20")]
    public async Task Rejects_an_id_that_no_market_has(string id)
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{id}");
            s.StatusCodeShouldBe(404);
        });

        result.ShouldBeProblem(404, "Market not found");
    }

    [Fact]
    public async Task Shows_a_draft_to_its_creator_moderators_and_admins_only()
    {
        var draft = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket(status: "draft"));

        Assert.Equal(200, await StatusFor(api.Alice));
        Assert.Equal(200, await StatusFor(api.Moderator));
        Assert.Equal(200, await StatusFor(api.Admin));
        Assert.Equal(404, await StatusFor(api.Bob));
        Assert.Equal(404, await StatusFor(null));

        async Task<int> StatusFor(User? user)
        {
            var result = await api.Host.Scenario(s =>
            {
                s.Get.Url($"/api/markets/{draft.Id()}");
                if (user is not null)
                {
                    s.WithBearerToken(user.Token);
                }

                s.IgnoreStatusCode();
            });
            return result.Context.Response.StatusCode;
        }
    }

    [Fact]
    public async Task Handles_HEAD_like_GET_without_a_body()
    {
        var created = await api.CreateMarketAsync();

        // In memory HEAD has a body; Kestrel leaves it out.
        var response = await api.Live.SendRawAsync(
            $"HEAD /api/markets/{created.Id()} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal);
        Assert.Contains("\r\nETag: \"1.0\"\r\n", response, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejects_any_query_parameter()
    {
        var created = await api.CreateMarketAsync();

        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{created.Id()}?fields=name");
            s.StatusCodeShouldBe(400);
        });

        result.ShouldBeProblem(400, "Validation failed", "fields");
    }
}
