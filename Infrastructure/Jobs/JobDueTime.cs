namespace MarketsApi.Infrastructure.Jobs;

/// <summary>When a recurring job is queued next.</summary>
internal sealed record JobDueTime
{
    public DateTime NextRunAt { get; init; }
}
