using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Positions;

namespace MarketsApi.Features.OpenPosition;

/// <summary>A market that is to take a position, and why it doesn't.</summary>
internal sealed record OpenPositionMarket
{
    /// <summary>The market was changed while the position was being opened.</summary>
    public const string Changing = "The market was changed at the same moment; send the position again";

    /// <summary>The sentences of a 409.</summary>
    public static readonly IReadOnlyList<string> Conflicts =
    [
        Draft,
        Ended,
        Full,
        Taking(MarketStatus.Closed),
        Changing,
    ];

    private const string Draft = "A draft takes no positions; make it active first";
    private const string Ended = "The market's endsAt has passed, so it takes no more positions";
    private const string Full = "The market's volume can't grow by as much as this stake; stake less";

    private const decimal MaxVolume = 9_999_999_999_999_999.99m;

    public string Status { get; init; } = "";

    public DateTime? EndsAt { get; init; }

    public Guid CreatorId { get; init; }

    public decimal Volume { get; init; }

    public decimal YesPool { get; init; }

    public decimal NoPool { get; init; }

    public MarketPool Pool => new(YesPool, NoPool);

    /// <summary>What keeps the market from taking the position, as <see cref="OpenPositionSql.Insert"/> decides it; null for nothing.</summary>
    public string? ConflictWith(Position position) =>
        Status == MarketStatus.Draft ? Draft
        : Status != MarketStatus.Active ? Taking(Status)
        : EndsAt <= position.CreatedAt ? Ended
        : Volume > MaxVolume - position.Stake ? Full
        : null;

    private static string Taking(string status) =>
        $"The market is {status} and takes no positions; only an active one does";
}
