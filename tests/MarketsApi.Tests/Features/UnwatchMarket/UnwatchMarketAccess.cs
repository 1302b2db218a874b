using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.UnwatchMarket;

/// <summary>Who may use it.</summary>
public sealed class UnwatchMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("DELETE /api/markets/{id}/watch", [401, 403, 204, 204, 204]),
            new("DELETE /api/markets/{id}/watch", [401, 403, 204, 204, 204], [401, 403, 404, 204, 204], IsDraft: true),
        ];
}
