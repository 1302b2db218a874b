using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.Shared.Jobs;

/// <summary>A piece of background work.</summary>
public sealed record Job
{
    /// <summary>The job's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The kind of work.</summary>
    /// <example>index-market</example>
    public string Kind { get; init; } = "";

    /// <summary>The state of the job.</summary>
    /// <example>done</example>
    [AllowedValues(typeof(JobState))]
    public string State { get; init; } = "";

    /// <summary>The id of the job's market, which may have been deleted since. Null when the job is not about one market.</summary>
    /// <example>0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d</example>
    public Guid? MarketId { get; init; }

    /// <summary>The number of attempts started since the job was queued or retried.</summary>
    /// <example>1</example>
    public int Attempts { get; init; }

    /// <summary>The number of attempts after which the job fails permanently.</summary>
    /// <example>8</example>
    public int MaxAttempts { get; init; }

    /// <summary>Why the latest failed attempt failed: up to 500 characters. Null when no attempt has failed, or when a later one succeeded.</summary>
    public string? LastError { get; init; }

    /// <summary>When the job was queued, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime CreatedAt { get; init; }

    /// <summary>When the next attempt is due, or when the latest one was, in UTC.</summary>
    /// <example>2026-11-22T08:15:30.123456Z</example>
    public DateTime RunAt { get; init; }

    /// <summary>When the latest attempt started, in UTC. Null before the first attempt.</summary>
    /// <example>2026-11-22T08:15:30.128901Z</example>
    public DateTime? StartedAt { get; init; }

    /// <summary>When the job was completed or failed permanently, in UTC. Null until then.</summary>
    /// <example>2026-11-22T08:15:30.164502Z</example>
    public DateTime? FinishedAt { get; init; }
}

/// <summary>The states of a job, as the wire and the database spell them.</summary>
internal static class JobState
{
    /// <summary>Waits for its time, or for a worker.</summary>
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
