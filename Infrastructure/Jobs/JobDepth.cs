namespace MarketsApi.Infrastructure.Jobs;

/// <summary>What waits.</summary>
internal sealed record JobDepth
{
    /// <summary>How many jobs are due; 100,000 stands for any number above it, too.</summary>
    public long Depth { get; init; }

    /// <summary>Since when the oldest of them has been; null when there is none.</summary>
    public DateTime? Oldest { get; init; }
}
