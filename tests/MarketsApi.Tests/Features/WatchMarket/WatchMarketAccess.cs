using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.WatchMarket;

/// <summary>Who may use it.</summary>
public sealed class WatchMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("PUT /api/markets/{id}/watch", [401, 403, 200, 200, 200], Body: new { note = "Mine" }),
            new(
                "PUT /api/markets/{id}/watch",
                [401, 403, 200, 200, 200],
                [401, 403, 404, 200, 200],
                IsDraft: true,
                Body: new { note = "Mine" }
            ),
        ];
}
