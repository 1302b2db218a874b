namespace MarketsApi.Features.Shared.Markets;

/// <summary>How a market is priced and settled, as the wire spells it.</summary>
internal static class MarketMechanism
{
    /// <summary>All stakes go into one pot, which those who were right divide in proportion to their stakes.</summary>
    public const string Pool = "pool";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Pool];
}
