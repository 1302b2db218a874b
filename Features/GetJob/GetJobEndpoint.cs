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
                "For admins. Tells where the job stands; a job that was done a day ago or longer may be gone."
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
