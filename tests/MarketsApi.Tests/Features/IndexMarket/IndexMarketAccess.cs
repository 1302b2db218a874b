using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.IndexMarket;

/// <summary>Who may use it.</summary>
public sealed class IndexMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("POST /api/markets/{id}/index", [401, 403, 403, 403, 202]),
            new("POST /api/markets/{id}/index", [401, 403, 403, 403, 202], IsDraft: true),
        ];
}
