using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.UpdateMarket;

/// <summary>Who may use it.</summary>
public sealed class UpdateMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new(
                "PATCH /api/markets/{id}",
                [401, 403, 200, 200, 200],
                [401, 403, 403, 200, 200],
                Body: new { name = "Another name" }
            ),
            new(
                "PATCH /api/markets/{id}",
                [401, 403, 200, 200, 200],
                [401, 403, 404, 200, 200],
                IsDraft: true,
                Body: new { name = "Another name" }
            ),
        ];
}
