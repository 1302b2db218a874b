namespace MarketsApi.Features.Shared.Jobs;

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
