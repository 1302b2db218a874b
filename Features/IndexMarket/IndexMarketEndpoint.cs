using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Features.IndexMarket;

/// <summary>Queues a job that brings a market's search vector up to date.</summary>
public sealed class IndexMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/markets/{id}/index", HandleAsync)
            .WithName("IndexMarket")
            .WithTags("Jobs")
            .WithSummary("Index a market for search")
            .WithDescription(
                "Queues a job that updates the market's search vector. Every change of the market's texts queues one automatically. If such a job is already queued, its id is returned."
            )
            .RequirePermission(Permission.Admin)
            .Audited("market.indexed")
            .RateLimited("writes")
            .ProducesLocation()
            .ProducesProblem(MarketProblems.NotFound);

    private static async Task<Results<Accepted<QueuedJob>, ProblemResult>> HandleAsync(
        Guid id,
        Database database,
        JobQueue queue,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var queued = await database.ExecuteReturningSingleOrDefaultAsync<QueuedJobId>(
            IndexMarketSql.Insert,
            new
            {
                Id = id,
                JobId = Guid.CreateVersion7(clock.GetUtcNow()),
                Now = clock.GetStoredNow(),
                TraceParent = TraceParent.Current,
            },
            cancellationToken
        );
        if (queued is null)
        {
            return ProblemResult.Of(MarketProblems.NotFound);
        }

        queue.Wake();
        return QueuedJob.AcceptedResponse(queued.JobId);
    }
}
