using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ListWatchedMarkets;

/// <summary>Who may use it.</summary>
public sealed class ListWatchedMarketsAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows => [new("GET /api/me/watched-markets", [401, 403, 200, 200, 200])];
}
