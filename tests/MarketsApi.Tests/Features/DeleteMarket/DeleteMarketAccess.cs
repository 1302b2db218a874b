using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.DeleteMarket;

/// <summary>Who may use it.</summary>
public sealed class DeleteMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("DELETE /api/markets/{id}", [401, 403, 403, 204, 204]),
            new("DELETE /api/markets/{id}", [401, 403, 204, 204, 204], [401, 403, 404, 204, 204], IsDraft: true),
        ];
}
