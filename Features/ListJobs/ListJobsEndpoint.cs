using MarketsApi.Features.Shared.Jobs;

namespace MarketsApi.Features.ListJobs;

/// <summary>Lists jobs by page.</summary>
public sealed class ListJobsEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/jobs", HandleAsync)
            .WithName("ListJobs")
            .WithTags("Jobs")
            .WithSummary("List jobs")
            .WithDescription(
                "For admins. Newest first. Page with nextCursor, which is equally fast at any depth. Completed jobs are listed for a day and failed ones for a month, unless configured otherwise. Of each recurring job only the last run is listed."
            )
            .RequirePermission(Permission.Admin)
            .Validate<ListJobsRequest>();

    private static async Task<Results<CursorPage<Job>, ProblemResult>> HandleAsync(
        [AsParameters] ListJobsRequest request,
        Database database,
        CancellationToken cancellationToken
    )
    {
        var binding = $"/api/jobs|{request.State}|{request.Kind}|{request.MarketId}";
        if (!Cursor.TryDecode(request.Cursor, binding, out var after))
        {
            return Cursor.InvalidFor("this list of jobs");
        }

        var limit = request.Limit ?? PageLimits.Default;
        var rows = await database.QueryAsync<Job>(
            (
                request.MarketId is null
                    ? new SqlText(ListJobsSql.SelectByState)
                    : new SqlText(ListJobsSql.SelectByMarket)
            )
                .AddIf(request.Kind is not null, ListJobsSql.OfKind)
                .AddAfter(after is not null, new(ListJobsSql.After)),
            new
            {
                States = request.State is null ? JobState.All.ToArray() : [request.State],
                request.Kind,
                request.MarketId,
                KeyTime = after?.Time,
                KeyId = after?.Id,
                Take = limit + 1,
            },
            cancellationToken
        );

        return new CursorPage<Job>(rows, limit, binding, job => new Cursor(job.CreatedAt, job.Id));
    }
}
