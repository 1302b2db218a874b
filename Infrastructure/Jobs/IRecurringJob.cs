namespace MarketsApi.Infrastructure.Jobs;

/// <summary>A job that is queued again and again by the program itself, by one instance at a time.</summary>
public interface IRecurringJob : IJob
{
    /// <summary>The time from one run to the next.</summary>
    TimeSpan Interval { get; }
}
