using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.GetMarketHistory;

/// <summary>Who may use it.</summary>
public sealed class GetMarketHistoryAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("GET /api/markets/{id}/history", [200, 200, 200, 200, 200]),
            new("GET /api/markets/{id}/history", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200], IsDraft: true),
        ];
}
