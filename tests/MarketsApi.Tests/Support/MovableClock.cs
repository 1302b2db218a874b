namespace MarketsApi.Tests.Support;

/// <summary>The real time, moved by a test.</summary>
public sealed class MovableClock : TimeProvider
{
    private long _ticks;

    /// <summary>Moves the time forward by this much.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <inheritdoc/>
    public override long GetTimestamp() =>
        base.GetTimestamp()
        + (long)(TimestampFrequency * TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}
