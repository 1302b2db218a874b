using System.Text.Json.Serialization;
using MarketsApi.GeneratedClients.NSwag;
using Xunit;

namespace MarketsApi.GeneratedClients.NSwag
{
    /// <summary>The one thing that the generated client has to be told.</summary>
    public partial class NSwagClient
    {
        static partial void UpdateJsonSerializerSettings(System.Text.Json.JsonSerializerOptions settings) =>
            settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
    }
}

namespace MarketsApi.GeneratedClients
{
    public sealed class NSwagTests
    {
        [Fact]
        public async Task Creates_changes_and_lists_markets_and_tells_problems_apart()
        {
            using var http = Caller.WithToken();
            var client = new NSwagClient(http);
            var category = $"nswag-{Random.Shared.Next()}";
            var created = await client.CreateMarketAsync(
                new CreateMarketRequest
                {
                    Name = "Will NSwag's client work?",
                    EndsAt = DateTimeOffset.UtcNow.AddDays(30),
                    Category = category,
                    InitialPosition = new CreateMarketPosition
                    {
                        Outcome = CreateMarketPositionOutcome.No,
                        Stake = 0.1m + 0.2m,
                    },
                }
            );
            Assert.Equal(0.3m, created.Data.Pool.No);
            Assert.Equal(0m, created.Data.Probability);

            var changed = await client.UpdateMarketAsync(
                created.Data.Id,
                new UpdateMarketRequest { Description = "Yes." }
            );
            Assert.Equal((2L, MarketStatus.Active), (changed.Data.Version, changed.Data.Status));

            var page = await client.ListMarketsAsync(category: category, endsAfter: DateTimeOffset.UtcNow);
            Assert.Equal(created.Data.Id, Assert.Single(page.Data).Id);

            var invalid = await Assert.ThrowsAsync<ApiException<ValidationFailedProblem>>(() =>
                client.CreateMarketAsync(
                    new CreateMarketRequest { Name = "?", EndsAt = DateTimeOffset.UtcNow.AddDays(1) }
                )
            );
            Assert.Equal("name", Assert.Single(invalid.Result.Details).Field);

            using var stranger = Caller.WithBadToken();
            var rejected = await Assert.ThrowsAsync<ApiException<MissingTokenOrInvalidTokenProblem>>(() =>
                new NSwagClient(stranger).GetCurrentUserAsync()
            );
            Assert.Equal(MissingTokenOrInvalidTokenProblemType.UrnMarketsapiProblemInvalidToken, rejected.Result.Type);
        }
    }
}
