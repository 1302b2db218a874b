using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

public sealed class NoCrossOriginTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Without_the_setting_no_page_of_another_origin_may_read_or_change_anything()
    {
        using var simple = new HttpRequestMessage(HttpMethod.Get, "/api/markets");
        simple.Headers.TryAddWithoutValidation("Origin", "https://app.example.org");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/markets");
        preflight.Headers.TryAddWithoutValidation("Origin", "https://app.example.org");
        preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");

        foreach (var request in (HttpRequestMessage[])[simple, preflight])
        {
            using var response = await api.Live.Client.SendAsync(request);

            Assert.DoesNotContain(
                response.Headers,
                header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
            );
        }
    }
}
