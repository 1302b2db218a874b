using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace MarketsApi.Tests.Features.OpenPosition;

/// <summary>Something that is done to a market.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Suffix">What its path has behind the market's.</param>
/// <param name="Body">Its body.</param>
public sealed record MarketStep(string Method, string Suffix, string Body)
{
    /// <summary>Mostly positions, and all that gets in their way.</summary>
    public static Gen<MarketStep> Generator { get; } =
        Gen.Frequency(
            (12, Gen.Choose(1, 100_000_000).Select(Stake)),
            (2, Gen.Constant(Patch("""{"status":"closed"}"""))),
            (3, Gen.Constant(Patch("""{"status":"active"}"""))),
            (3, Gen.Choose(1, 1_000).Select(number => Patch($$"""{"description":"Edit {{number}}"}"""))),
            (1, Gen.Constant(new MarketStep("DELETE", "", "")))
        );

    private static MarketStep Stake(int cents) =>
        new(
            "POST",
            "/positions",
            $$"""{"outcome":"no","stake":{{(cents / 100m).ToString(CultureInfo.InvariantCulture)}}}"""
        );

    private static MarketStep Patch(string body) => new("PATCH", "", body);
}
