namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Whether the database has been reached and has all its tables since the program started.</summary>
internal sealed class DatabaseReadiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isReady;

    /// <summary>What API callers are told until then.</summary>
    public static ProblemResult NotYet { get; } = ProblemResult.Of(Problems.ServiceUnavailable, retryAfterSeconds: 2);

    public bool IsReady => _isReady;

    /// <summary>Ends when it is.</summary>
    public Task WhenReady => _ready.Task;

    public void Set()
    {
        _isReady = true;
        _ready.TrySetResult();
    }
}
