namespace MarketsApi.Infrastructure.Validation;

/// <summary>A feature of requests that may have been valid when they were first sent: a problem that only time has caused is left to what runs behind validation.</summary>
internal sealed class DeferredProblem
{
    /// <summary>The problem; null when the request is valid.</summary>
    public ProblemResult? Problem { get; set; }
}

/// <summary>The state of a rule's failure when the time of the request decides about it.</summary>
internal sealed record DependsOnTime;
