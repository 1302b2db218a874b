using MarketsApi.Features.Shared.Jobs;

namespace MarketsApi.Features.GetJob;

/// <summary>Reads one job.</summary>
public sealed class GetJobEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/jobs/{id}", HandleAsync)
            .WithName("GetJob")
            .WithTags("Jobs")
            .WithSummary("Read a job")
            .WithDescription(
                "For admins. Returns the state of the job. Completed jobs are deleted after a day, failed ones after a month, unless configured otherwise."
            )
            .RequirePermission(Permission.Admin)
            .ProducesProblem(JobProblems.NotFound);

    private static async Task<Results<Ok<Envelope<Job>>, ProblemResult>> HandleAsync(
        Guid id,
        Database database,
        CancellationToken cancellationToken
    ) =>
        await database.QuerySingleOrDefaultAsync<Job>(GetJobSql.Select, new { id }, cancellationToken) is { } job
            ? TypedResults.Ok(new Envelope<Job>(job))
            : ProblemResult.Of(JobProblems.NotFound);
}
