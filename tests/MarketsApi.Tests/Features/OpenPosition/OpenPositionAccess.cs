using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.OpenPosition;

/// <summary>Who may use it.</summary>
public sealed class OpenPositionAccess : IAccessTable
{
    /// <inheritdoc/>
    public IEnumerable<AccessRow> Rows =>
        [
            new(
                "POST /api/markets/{id}/positions",
                [401, 403, 201, 201, 201],
                Body: new { outcome = "yes", stake = 5 }
            ),
            new(
                "POST /api/markets/{id}/positions",
                [401, 403, 409, 409, 409],
                [401, 403, 404, 409, 409],
                IsDraft: true,
                Body: new { outcome = "yes", stake = 5 }
            ),
        ];
}
