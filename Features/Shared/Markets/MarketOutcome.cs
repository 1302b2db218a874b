namespace MarketsApi.Features.Shared.Markets;

/// <summary>How a question can turn out, as the wire and the database spell it.</summary>
internal static class MarketOutcome
{
    /// <summary>It happened.</summary>
    public const string Yes = "yes";

    /// <summary>It didn't.</summary>
    public const string No = "no";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> All = [Yes, No];
}
