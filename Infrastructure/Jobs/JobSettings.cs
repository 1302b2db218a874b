using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Background work in this process; docs/jobs.md says what is promised about it.</summary>
internal sealed class JobSettings : ISettings
{
    public static string Section => "Jobs";

    /// <summary>Whether this process does background work at all; others may.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many jobs run at the same time in this process.</summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>How long a job belongs to a process that isn't heard from, in seconds.</summary>
    public int LeaseSeconds { get; set; } = 10;

    /// <summary>The longest time between two looks for jobs that other processes queued, in milliseconds.</summary>
    public int PollMilliseconds { get; set; } = 500;

    /// <summary>The longest that one attempt may take, in seconds.</summary>
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>How long running jobs have to end when the program stops, in seconds.</summary>
    public int StopSeconds { get; set; } = 5;

    /// <summary>The most that is waited after a first failed attempt, in milliseconds; it doubles with each.</summary>
    public int BackoffMilliseconds { get; set; } = 1_000;

    /// <summary>The most that is ever waited after a failed attempt, in seconds.</summary>
    public int MaxBackoffSeconds { get; set; } = 600;

    /// <summary>How long jobs that are done are kept, in hours.</summary>
    public int KeepDoneHours { get; set; } = 24;

    /// <summary>How long jobs that have failed for good are kept, in hours.</summary>
    public int KeepFailedHours { get; set; } = 720;

    /// <summary><see cref="LeaseSeconds"/> as a duration.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        foreach (
            var (name, value, least, most) in ((string, int, int, int)[])
                [
                    (nameof(Concurrency), Concurrency, 1, 100),
                    (nameof(LeaseSeconds), LeaseSeconds, 2, 3_600),
                    (nameof(PollMilliseconds), PollMilliseconds, 10, 60_000),
                    (nameof(TimeoutSeconds), TimeoutSeconds, 1, 86_400),
                    // The host gives all that stops together 30 seconds.
                    (nameof(StopSeconds), StopSeconds, 0, 25),
                    (nameof(BackoffMilliseconds), BackoffMilliseconds, 1, 600_000),
                    (nameof(MaxBackoffSeconds), MaxBackoffSeconds, 1, 86_400),
                    (nameof(KeepDoneHours), KeepDoneHours, 0, 8_760),
                    (nameof(KeepFailedHours), KeepFailedHours, 1, 87_600),
                ]
        )
        {
            if (value < least || value > most)
            {
                yield return $"Jobs:{name} must be from {least} to {most}; it is {value}.";
            }
        }
    }
}
