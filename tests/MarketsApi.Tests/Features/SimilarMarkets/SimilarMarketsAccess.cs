using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.SimilarMarkets;

/// <summary>Who may use it.</summary>
public sealed class SimilarMarketsAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("GET /api/markets/{id}/similar", [200, 200, 200, 200, 200]),
            new("GET /api/markets/{id}/similar", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200], IsDraft: true),
        ];
}
