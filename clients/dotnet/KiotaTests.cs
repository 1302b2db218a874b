using MarketsApi.GeneratedClients.Kiota;
using MarketsApi.GeneratedClients.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Xunit;

namespace MarketsApi.GeneratedClients;

public sealed class KiotaTests
{
    [Fact]
    public async Task Creates_changes_and_lists_markets_and_tells_problems_apart()
    {
        using var http = Caller.WithToken();
        var client = ClientOf(http);
        var category = $"kiota-{Random.Shared.Next()}";
        var created = await client.Api.Markets.PostAsync(
            new CreateMarketRequest
            {
                Name = "Will Kiota's client work?",
                EndsAt = DateTimeOffset.UtcNow.AddDays(30),
                Category = category,
                InitialPosition = new CreateMarketPosition
                {
                    Outcome = CreateMarketPosition_outcome.No,
                    Stake = 0.1m + 0.2m,
                },
            }
        );
        Assert.Equal(0.3m, created!.Data!.Pool!.No);
        Assert.Equal(0m, created.Data.Probability);

        var market = client.Api.Markets[created.Data.Id!.Value];
        var changed = await market.PatchAsync(new UpdateMarketRequest { Description = "Yes." });
        Assert.Equal((2L, Market_status.Active), (changed!.Data!.Version, changed.Data.Status));

        var page = await client.Api.Markets.GetAsync(request => request.QueryParameters.Category = category);
        Assert.Equal(created.Data.Id, Assert.Single(page!.Data!).Id);

        var invalid = await Assert.ThrowsAsync<ValidationFailedProblem>(() =>
            client.Api.Markets.PostAsync(
                new CreateMarketRequest { Name = "?", EndsAt = DateTimeOffset.UtcNow.AddDays(1) }
            )
        );
        Assert.Equal("name", Assert.Single(invalid.Details!).Field);

        using var stranger = Caller.WithBadToken();
        var rejected = await Assert.ThrowsAsync<MissingTokenOrInvalidTokenProblem>(() =>
            ClientOf(stranger).Api.Me.GetAsync()
        );
        Assert.Equal(MissingTokenOrInvalidTokenProblem_type.UrnMarketsapiProblemInvalidToken, rejected.Type);
    }

    private static KiotaClient ClientOf(HttpClient http) =>
        new(
            new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)
            {
                BaseUrl = http.BaseAddress!.GetLeftPart(UriPartial.Authority),
            }
        );
}
