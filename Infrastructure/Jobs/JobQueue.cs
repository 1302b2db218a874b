namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The queue, for those who put jobs into it with their own write's statement.</summary>
public sealed class JobQueue
{
    /// <summary>Says that a job was committed, so that this process looks at once and not at its next poll.</summary>
    public void Wake() { }
}
