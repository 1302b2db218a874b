using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.CreateMarket;

/// <summary>Who may use it.</summary>
public sealed class CreateMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [new("POST /api/markets", [401, 403, 201, 201, 201], Body: ApiFixture.NewMarket())];
}
