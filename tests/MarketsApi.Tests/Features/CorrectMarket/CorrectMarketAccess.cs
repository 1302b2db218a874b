using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.CorrectMarket;

/// <summary>Who may use it.</summary>
public sealed class CorrectMarketAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new("POST /api/markets/{id}/corrections", [401, 403, 403, 409, 409], Body: Body),
            new("POST /api/markets/{id}/corrections", [401, 403, 403, 409, 409], IsDraft: true, Body: Body),
        ];

    private static object Body => new { outcome = "no", reason = "It was misread." };
}
