using System.Globalization;

namespace MarketsApi.Features.Shared.Positions;

/// <summary>The stakes of a user in a market that they settle: allowed, but written to the audit log.</summary>
internal sealed record OwnStakes
{
    public decimal Yes { get; init; }

    public decimal No { get; init; }

    /// <summary>The caller's stakes on a market whose row this transaction holds; null when there are none.</summary>
    public static async Task<OwnStakes?> FindAsync(
        DatabaseTransaction transaction,
        Guid marketId,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        var own = await transaction.QuerySingleOrDefaultAsync<OwnStakes>(
            PositionSql.SelectOwnStakes,
            new { MarketId = marketId, UserId = caller.RequiredUserId },
            cancellationToken
        );
        return own is { Yes: 0, No: 0 } ? null : own;
    }

    /// <summary>As the audit log has it.</summary>
    public IReadOnlyList<(string Name, object? Value)> ToAuditMembers() =>
        [("ownYes", Yes.ToString(CultureInfo.InvariantCulture)), ("ownNo", No.ToString(CultureInfo.InvariantCulture))];
}
