namespace MarketsApi.Features.SeedMarkets;

/// <summary>A user who makes markets and takes positions.</summary>
/// <param name="Id">Follows from the user's number.</param>
/// <param name="DisplayName">The name that others see.</param>
/// <param name="CreatedAt">Before any market.</param>
internal sealed record SeedMarketsUser(Guid Id, string DisplayName, DateTime CreatedAt)
{
    /// <summary>All of them, always the same.</summary>
    public static readonly IReadOnlyList<SeedMarketsUser> All = [.. Enumerable.Range(0, 320).Select(Make)];

    /// <summary>One of them; the first ones are much busier than the last.</summary>
    public static SeedMarketsUser Pick(ref SeedMarketsRandom random) => All[random.Below(random.Below(All.Count) + 1)];

    private static SeedMarketsUser Make(int number)
    {
        var random = new SeedMarketsRandom(((ulong)number << 2) | SeedMarketsShape.Users);
        var first = SeedMarketsNames.First[number % SeedMarketsNames.First.Count];
        var last = random.Pick(SeedMarketsNames.Last);
        var name = random.Below(4) switch
        {
            0 => $"{first}{last[0]}{random.Between(2, 99)}",
            1 => $"{first}_{random.Pick(SeedMarketsNames.Traits)}".ToLowerInvariant(),
            _ => $"{first} {last}",
        };
        var createdAt = SeedMarketsShape.Today.AddDays(-random.Between(900, 1100)).AddSeconds(random.Below(86_400));
        return new SeedMarketsUser(SeedMarketsId.Of(createdAt, ref random), name, createdAt);
    }
}
