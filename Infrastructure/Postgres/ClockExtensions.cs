namespace MarketsApi.Infrastructure.Postgres;

/// <summary>The time as the database keeps it.</summary>
public static class ClockExtensions
{
    /// <summary>Now, in UTC, cut to the microsecond: a response then shows the same time as a later read.</summary>
    public static DateTime GetStoredNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
