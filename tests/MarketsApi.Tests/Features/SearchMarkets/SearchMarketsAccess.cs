using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>Who may use it.</summary>
public sealed class SearchMarketsAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [new("GET /api/markets/search", [200, 200, 200, 200, 200], Query: "?q=anything")];
}
