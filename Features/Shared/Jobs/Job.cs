using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.Shared.Jobs;

/// <summary>A piece of background work.</summary>
public sealed record Job
{
    /// <summary>The job's id.</summary>
    public Guid Id { get; init; }

    /// <summary>What sort of work it is.</summary>
    /// <example>index-market</example>
    public string Kind { get; init; } = "";

    /// <summary>Where it stands.</summary>
    [AllowedValues(typeof(JobState))]
    public string State { get; init; } = "";

    /// <summary>The market that it is about, which may be gone by now; null when it is about none.</summary>
    public Guid? MarketId { get; init; }

    /// <summary>How many attempts have begun since it was queued or retried.</summary>
    /// <example>1</example>
    public int Attempts { get; init; }

    /// <summary>After how many failed attempts it is given up.</summary>
    /// <example>8</example>
    public int MaxAttempts { get; init; }

    /// <summary>Why the latest attempt that failed did; up to 500 characters; null when none has, or when one has gone well since.</summary>
    public string? LastError { get; init; }

    /// <summary>When it was queued, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime CreatedAt { get; init; }

    /// <summary>When the next attempt is due or the latest one was, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime RunAt { get; init; }

    /// <summary>When a process took it for the latest attempt, in UTC; null before the first.</summary>
    /// <example>2026-11-22T08:15:30.128901Z</example>
    public DateTime? StartedAt { get; init; }

    /// <summary>When it was done or given up, in UTC; null before that.</summary>
    /// <example>2026-11-22T08:15:30.164502Z</example>
    public DateTime? FinishedAt { get; init; }
}

/// <summary>The states of a job, as the wire and the database spell them.</summary>
internal static class JobState
{
    /// <summary>Waits for its time, or for somebody to run it.</summary>
    public const string Queued = "queued";

    /// <summary>Belongs to a process that runs it.</summary>
    public const string Running = "running";

    /// <summary>Its work is done.</summary>
    public const string Done = "done";

    /// <summary>Its last attempt failed, and only people can have it tried again.</summary>
    public const string Failed = "failed";

    /// <summary>All of them, in the order of a job's life.</summary>
    public static readonly IReadOnlyList<string> All = [Queued, Running, Done, Failed];
}
