namespace MarketsApi.Features.Shared.Markets;

/// <summary>What people can change of a market, and when: the same for replacing and for patching.</summary>
internal sealed record MarketChange
{
    /// <summary>The error sentences of conflicts, one for each sort.</summary>
    public static readonly IReadOnlyList<string> Conflicts =
    [
        Illegal(MarketStatus.Draft, MarketStatus.Resolved),
        Final(MarketStatus.Cancelled),
        EndsTooSoon,
    ];

    private const string EndsTooSoon =
        "A market can become active only while its endsAt is in the future; give a later endsAt";

    /// <summary>The question, in its stored form.</summary>
    public required string Name { get; init; }

    /// <summary>The description, in its stored form.</summary>
    public required string Description { get; init; }

    /// <summary>The subject, or null.</summary>
    public required string? Category { get; init; }

    /// <summary>One of <see cref="MarketStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One of <see cref="MarketOutcome"/>, or null.</summary>
    public required string? Outcome { get; init; }

    /// <summary>The end, in UTC, or null.</summary>
    public required DateTime? EndsAt { get; init; }

    /// <summary>What the market has now.</summary>
    public static MarketChange Of(Market market) =>
        new()
        {
            Name = market.Name,
            Description = market.Description,
            Category = market.Category,
            Status = market.Status,
            Outcome = market.Outcome,
            EndsAt = market.EndsAt,
        };

    /// <summary>The market with this change made by this caller, whose row is brought up to date with it.</summary>
    public Market ApplyTo(Market market, Caller caller, DateTime now) =>
        market with
        {
            Name = Name,
            Description = Description,
            Category = Category,
            Status = Status,
            Outcome = Outcome,
            EndsAt = EndsAt,
            ResolvedAt = Settles(market) ? now : market.ResolvedAt,
            UpdatedAt = now,
            Version = market.Version + 1,
            CreatorDisplayName = caller.UserId == market.CreatorId ? caller.DisplayName : market.CreatorDisplayName,
        };

    /// <summary>Why the market can't be changed to this, or null when it can: first what its state forbids, then what is wrong in itself.</summary>
    public ProblemResult? ProblemFor(Market market, DateTime now) =>
        Conflict(market, now) ?? ValidationProblem(market, now);

    /// <summary>Whether it resolves or cancels the market.</summary>
    public bool Settles(Market market) => MarketStatus.IsFinal(Status) && !MarketStatus.IsFinal(market.Status);

    /// <summary>Whether a market that takes no positions any more, because it was closed or its end has passed, would take some again.</summary>
    public bool Reopens(Market market, DateTime now) =>
        Status == MarketStatus.Active
        && (
            market.Status == MarketStatus.Closed
            || (market.Status == MarketStatus.Active && market.EndsAt <= now && EndsAt > now)
        );

    private ProblemResult? Conflict(Market market, DateTime now)
    {
        if (MarketStatus.IsFinal(market.Status))
        {
            return Status != market.Status || Outcome != market.Outcome || EndsAt != market.EndsAt
                ? ProblemResult.Of(MarketProblems.Conflict, Final(market.Status))
                : null;
        }

        if (Status == market.Status)
        {
            return null;
        }

        if (!Next(market.Status).Contains(Status, StringComparer.Ordinal))
        {
            return ProblemResult.Of(MarketProblems.Conflict, Illegal(market.Status, Status));
        }

        return Status == MarketStatus.Active && EndsAt <= now
            ? ProblemResult.Of(MarketProblems.Conflict, EndsTooSoon)
            : null;
    }

    private static string[] Next(string status) =>
        status switch
        {
            MarketStatus.Draft => [MarketStatus.Active, MarketStatus.Cancelled],
            MarketStatus.Active => [MarketStatus.Closed, MarketStatus.Cancelled],
            _ => [MarketStatus.Active, MarketStatus.Resolved, MarketStatus.Cancelled],
        };

    private static string Illegal(string from, string to) =>
        $"A market that is {from} can't become {to}; it can become {string.Join(" or ", Next(from))}";

    private static string Final(string status) =>
        $"The market is {status}: its status, outcome and endsAt are final; name, description and category can still be changed, and a moderator can correct how it was settled";

    private ProblemResult? ValidationProblem(Market market, DateTime now)
    {
        var errors = new List<ProblemDetail>();
        if (EndsAt != market.EndsAt)
        {
            if (EndsAt is null)
            {
                errors.Add(new("endsAt", "Required", "endsAt can't be removed."));
            }
            else if (EndsAt <= now)
            {
                errors.Add(new("endsAt", "Future", "A new endsAt must be in the future."));
            }
        }

        if (Status == MarketStatus.Resolved && Outcome is null)
        {
            errors.Add(new("outcome", "Required", "A resolved market needs an outcome."));
        }
        else if (Status != MarketStatus.Resolved && Outcome is not null)
        {
            errors.Add(new("outcome", "NotResolved", "Only a resolved market has an outcome."));
        }

        return errors.Count == 0 ? null : ProblemResult.Invalid(errors);
    }
}
