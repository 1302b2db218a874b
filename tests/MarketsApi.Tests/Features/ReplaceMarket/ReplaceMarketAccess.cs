using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ReplaceMarket;

/// <summary>Who may use it.</summary>
public sealed class ReplaceMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new(
                "PUT /api/markets/{id}",
                [401, 403, 200, 200, 200],
                [401, 403, 403, 200, 200],
                Body: ApiFixture.NewMarket()
            ),
            new(
                "PUT /api/markets/{id}",
                [401, 403, 200, 200, 200],
                [401, 403, 404, 200, 200],
                IsDraft: true,
                Body: ApiFixture.NewMarket()
            ),
        ];
}
