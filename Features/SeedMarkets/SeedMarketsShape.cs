using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SeedMarkets;

/// <summary>A generated market but for its texts: all that its positions need to know.</summary>
internal readonly record struct SeedMarketsShape
{
    /// <summary>Tells apart what one number stands for: a user, a market, its texts, its positions.</summary>
    public const ulong Users = 0;

    private const ulong Markets = 1;
    private const ulong Texts = 2;
    private const ulong Positions = 3;

    /// <summary>The day on which the generated world stands still, so that it is the same whenever it is made.</summary>
    public static readonly DateTime Today = new(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc);

    private static readonly int DaysToCome = (new DateTime(2030, 12, 31, 0, 0, 0, DateTimeKind.Utc) - Today).Days;

    /// <summary>The market's number, from 0; everything else follows from it.</summary>
    public required int Number { get; init; }

    /// <summary>The market's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>One of <see cref="MarketStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When the market was created, in UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it ends, in UTC: for open markets after 2026.</summary>
    public required DateTime EndsAt { get; init; }

    /// <summary>The user who created the market.</summary>
    public required Guid CreatorId { get; init; }

    /// <summary>Its outcome when resolved, else null.</summary>
    public required string? Outcome { get; init; }

    /// <summary>When its fields last changed: when it closed, or soon after.</summary>
    public DateTime UpdatedAt =>
        Status switch
        {
            MarketStatus.Active or MarketStatus.Draft => CreatedAt,
            MarketStatus.Resolved => EndsAt.AddHours(6) < Today ? EndsAt.AddHours(6) : Today,
            _ => EndsAt,
        };

    /// <summary>When it was resolved or cancelled, else null.</summary>
    public DateTime? ResolvedAt => MarketStatus.IsFinal(Status) ? UpdatedAt : null;

    /// <summary>As if people had changed its status one step at a time.</summary>
    public long Version =>
        Status switch
        {
            MarketStatus.Active or MarketStatus.Draft => 1,
            MarketStatus.Resolved => 3,
            _ => 2,
        };

    /// <summary>Where its texts come from.</summary>
    public SeedMarketsRandom TextRandom => new(Seed(Number, Texts));

    /// <summary>The market with this number.</summary>
    public static SeedMarketsShape Of(int number)
    {
        var random = new SeedMarketsRandom(Seed(number, Markets));
        var status = random.Below(100) switch
        {
            < 66 => MarketStatus.Active,
            < 76 => MarketStatus.Closed,
            < 93 => MarketStatus.Resolved,
            < 97 => MarketStatus.Cancelled,
            _ => MarketStatus.Draft,
        };
        var isOpen = status is MarketStatus.Active or MarketStatus.Draft;
        // Far ends are rarer than near ones, and old markets rarer than new ones.
        var endsAt = isOpen
            ? Today.AddDays(40 + random.Below(1 + random.Below(DaysToCome - 39)))
            : Today.AddDays(-1 - random.Below(1 + random.Below(500)));
        var createdAt = isOpen
            ? Today.AddDays(-1 - random.Below(1 + random.Below(600)))
            : endsAt.AddDays(-10 - random.Below(300));
        createdAt = createdAt.AddMilliseconds(random.Below(86_400_000));
        return new SeedMarketsShape
        {
            Number = number,
            Status = status,
            Outcome =
                status != MarketStatus.Resolved ? null
                : random.Percent(35) ? MarketOutcome.Yes
                : MarketOutcome.No,
            CreatedAt = createdAt,
            EndsAt = endsAt.AddHours(random.Percent(70) ? 24 : 12).AddSeconds(-1),
            CreatorId = SeedMarketsUser.Pick(ref random).Id,
            Id = SeedMarketsId.Of(createdAt, ref random),
        };
    }

    /// <summary>Its positions in their order: none for a draft and for a third of the others, else one to seven.</summary>
    /// <remarks>Each market has a chance of its own that people believe in, nearer to what came out where that is known.</remarks>
    public IReadOnlyList<SeedMarketsPosition> GetPositions()
    {
        var random = new SeedMarketsRandom(Seed(Number, Positions));
        var count = Status == MarketStatus.Draft || random.Percent(33) ? 0 : 1 + random.Below(1 + random.Below(7));
        var belief = random.Between(10, 90);
        belief = Outcome switch
        {
            MarketOutcome.Yes => 50 + (belief / 2),
            MarketOutcome.No => belief / 2,
            _ => belief,
        };
        var positions = new List<SeedMarketsPosition>(count);
        var last = EndsAt < Today ? EndsAt : Today;
        var seconds = (int)(last - CreatedAt).TotalSeconds;
        for (var i = 0; i < count; i++)
        {
            var createdAt = CreatedAt.AddSeconds(random.Below(seconds));
            positions.Add(
                new SeedMarketsPosition(
                    SeedMarketsId.Of(createdAt, ref random),
                    SeedMarketsUser.Pick(ref random).Id,
                    random.Percent(belief) ? MarketOutcome.Yes : MarketOutcome.No,
                    Stake(ref random),
                    createdAt,
                    default
                )
            );
        }

        positions.Sort((one, other) => one.CreatedAt.CompareTo(other.CreatedAt));
        var pool = default(MarketPool);
        for (var i = 0; i < count; i++)
        {
            pool = pool.With(positions[i].Outcome, positions[i].Stake);
            positions[i] = positions[i] with { Pool = pool };
        }

        return positions;
    }

    /// <summary>Mostly tens and hundreds, now and then a fortune; people like whole numbers.</summary>
    private static decimal Stake(ref SeedMarketsRandom random)
    {
        var units = random.Below(1000) switch
        {
            < 300 => random.Between(1, 9),
            < 700 => random.Between(10, 99),
            < 900 => random.Between(100, 999),
            < 980 => random.Between(1_000, 9_999),
            < 997 => random.Between(10_000, 99_999),
            _ => random.Between(100_000, 999_999),
        };
        return random.Percent(60) ? units : units + new decimal(random.Below(100), 0, 0, false, 2);
    }

    private static ulong Seed(int number, ulong kind) => ((ulong)number << 2) | kind;
}

/// <summary>A stake on a generated market.</summary>
/// <param name="Id">Follows from the market's number and the position's.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Outcome">One of <see cref="MarketOutcome"/>.</param>
/// <param name="Stake">From 1 to 1,000,000, in cents' precision.</param>
/// <param name="CreatedAt">While the market was open, before today.</param>
/// <param name="Pool">The market's pool right after it.</param>
internal readonly record struct SeedMarketsPosition(
    Guid Id,
    Guid UserId,
    string Outcome,
    decimal Stake,
    DateTime CreatedAt,
    MarketPool Pool
)
{
    /// <summary>What was staked on the same outcome before it.</summary>
    public decimal StakesBefore => Pool.On(Outcome) - Stake;
}
