using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.GetMarket;

/// <summary>Who may use it.</summary>
public sealed class GetMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("GET /api/markets/{id}", [200, 200, 200, 200, 200]),
            new("GET /api/markets/{id}", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200], IsDraft: true),
        ];
}
