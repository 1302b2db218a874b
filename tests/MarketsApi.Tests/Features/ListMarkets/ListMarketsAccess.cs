using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>Who may use it.</summary>
public sealed class ListMarketsAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows => [new("GET /api/markets", [200, 200, 200, 200, 200])];
}
