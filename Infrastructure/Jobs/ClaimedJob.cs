namespace MarketsApi.Infrastructure.Jobs;

/// <summary>A job that this process holds a lease of.</summary>
internal sealed record ClaimedJob
{
    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public Guid? MarketId { get; init; }

    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempts { get; init; }

    public int MaxAttempts { get; init; }

    /// <summary>When it was due.</summary>
    public DateTime RunAt { get; init; }

    /// <summary>The trace context of the request that queued it (W3C traceparent); null when that wasn't traced.</summary>
    public string? TraceParent { get; init; }
}
