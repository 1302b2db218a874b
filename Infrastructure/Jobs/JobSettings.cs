using System.ComponentModel.DataAnnotations;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Background work in this process; docs/jobs.md says what is promised about it.</summary>
internal sealed class JobSettings
{
    public const string Section = "Jobs";

    /// <summary>Whether this process does background work at all; others may.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many jobs run at the same time in this process.</summary>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 8;

    /// <summary>How long a job belongs to a process that isn't heard from, in seconds.</summary>
    [Range(2, 3_600)]
    public int LeaseSeconds { get; set; } = 10;

    /// <summary>The longest time between two looks for jobs that other processes queued, in milliseconds.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 500;

    /// <summary>The longest that one attempt may take, in seconds.</summary>
    [Range(1, 86_400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>How long running jobs have to end when the program stops, in seconds.</summary>
    // The host gives all that stops together 30 seconds.
    [Range(0, 25)]
    public int StopSeconds { get; set; } = 5;

    /// <summary>The most that is waited after a first failed attempt, in milliseconds; it doubles with each.</summary>
    [Range(1, 600_000)]
    public int BackoffMilliseconds { get; set; } = 1_000;

    /// <summary>The most that is ever waited after a failed attempt, in seconds.</summary>
    [Range(1, 86_400)]
    public int MaxBackoffSeconds { get; set; } = 600;

    /// <summary>How long completed jobs are stored, in hours.</summary>
    [Range(0, 8_760)]
    public int KeepDoneHours { get; set; } = 24;

    /// <summary>How long jobs that have failed permanently are stored, in hours.</summary>
    [Range(1, 87_600)]
    public int KeepFailedHours { get; set; } = 720;

    /// <summary><see cref="LeaseSeconds"/> as a duration.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}
