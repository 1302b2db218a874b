using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.OpenPosition;

/// <summary>A market that took no position, and why.</summary>
internal sealed record OpenPositionMarket
{
    /// <summary>Sentences that a refusal is answered with.</summary>
    public static readonly IReadOnlyList<string> Refusals = [Draft, Ended, Full, Taking(MarketStatus.Closed)];

    private const string Draft = "A draft takes no positions; make it active first";
    private const string Ended = "The market's endsAt has passed, so it takes no more positions";
    private const string Full = "The market's volume can't grow by as much as this stake; stake less";

    public string Status { get; init; } = "";

    public DateTime? EndsAt { get; init; }

    public Guid CreatorId { get; init; }

    /// <summary>What keeps it from taking the position.</summary>
    public string ProblemResult(DateTime now) =>
        Status == MarketStatus.Draft ? Draft
        : Status != MarketStatus.Active ? Taking(Status)
        : EndsAt <= now ? Ended
        : Full;

    private static string Taking(string status) =>
        $"The market is {status} and takes no positions; only an active one does";
}
