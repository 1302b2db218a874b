using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.WatchMarket;

/// <summary>Who may use it.</summary>
public sealed class WatchMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
#if (isRead)
            new("PUT /api/markets/{id}/watch", [200, 200, 200, 200, 200]),
            new("PUT /api/markets/{id}/watch", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200], IsDraft: true),
#else
            new("PUT /api/markets/{id}/watch", [401, 403, 200, 200, 200], Body: new { note = "Mine" }),
            new(
                "PUT /api/markets/{id}/watch",
                [401, 403, 200, 200, 200],
                [401, 403, 404, 200, 200],
                IsDraft: true,
                Body: new { note = "Mine" }
            ),
#endif
        ];
}
