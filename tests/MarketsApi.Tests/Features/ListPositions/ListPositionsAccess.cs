using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ListPositions;

/// <summary>Who may use it.</summary>
public sealed class ListPositionsAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("GET /api/markets/{id}/positions", [200, 200, 200, 200, 200]),
            new("GET /api/markets/{id}/positions", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200], IsDraft: true),
        ];
}
