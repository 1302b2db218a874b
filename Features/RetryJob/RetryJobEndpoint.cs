using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Features.RetryJob;

/// <summary>Requeues a failed job.</summary>
public sealed class RetryJobEndpoint : ICarterModule
{
    private static readonly string[] Conflicts =
    [
        .. JobState.All.Where(state => state != JobState.Failed).Select(WhatInstead),
    ];

    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/jobs/{id}/retry", HandleAsync)
            .WithName("RetryJob")
            .WithTags("Jobs")
            .WithSummary("Retry a failed job")
            .WithDescription(
                "For admins. Requeues the job immediately and resets its attempts. If an equivalent job is already queued, its id is returned and the failed job is deleted."
            )
            .RequirePermission(Permission.Admin)
            .Audited("job.retried")
            .RateLimited("writes")
            .ProducesLocation()
            .ProducesProblem(JobProblems.NotFound)
            .ProducesProblemWith(JobProblems.NotFailed, Conflicts);

    private static async Task<Results<Accepted<QueuedJob>, ProblemResult>> HandleAsync(
        Guid id,
        Database database,
        JobQueue queue,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            Id = id,
            Now = clock.GetStoredNow(),
            TraceParent = TraceParent.Current,
        };
        if (
            await database.ExecuteReturningSingleOrDefaultAsync<QueuedJobId>(
                RetryJobSql.Retry,
                parameters,
                cancellationToken
            ) is
            { JobId: var jobId }
        )
        {
            queue.Wake();
            return QueuedJob.AcceptedResponse(jobId);
        }

        var state = await database.QuerySingleOrDefaultAsync<string>(
            RetryJobSql.SelectState,
            new { id },
            cancellationToken
        );
        return state is null
            ? ProblemResult.Of(JobProblems.NotFound)
            : ProblemResult.Of(JobProblems.NotFailed, WhatInstead(state));
    }

    private static string WhatInstead(string state) =>
        state switch
        {
            JobState.Queued => "The job is queued and will run automatically; wait for it",
            JobState.Running => "The job is running; wait for it to end",
            _ => "The job is done; queue a new one instead, for example by indexing the market",
        };
}
