using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.SimilarMarkets;

/// <summary>Lists the markets that are nearest to one.</summary>
public sealed class SimilarMarketsEndpoint : ICarterModule
{
    private const string NoVector = "The embedding provider doesn't respond; try again later";

    /// <summary>How many candidates are compared exactly; measured to hold 99 in 100 of the nearest 10, and 98 of the nearest 50.</summary>
    private const int FewCandidates = 200;
    private const int ManyCandidates = 400;
    private const int FewResults = 20;

    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/markets/{id}/similar", HandleAsync)
            .WithName("SimilarMarkets")
            .WithTags("Markets")
            .WithSummary("List similar markets")
            .WithDescription(
                "The markets with the nearest embeddings, best first, so near-duplicates come first. Equal scores are ordered by id. The list contains neither the market itself nor drafts. Those who can see a draft can request the markets similar to it before it is published."
            )
            .RequirePermission(Permission.Read)
            .RateLimited("search", cost: 2)
            .Validate<SimilarMarketsRequest>()
            .ProducesProblem(MarketProblems.NotFound)
            .ProducesProblemWith(Problems.ServiceUnavailable, NoVector);

    private static async Task<Results<Ok<Envelope<IReadOnlyList<SimilarMarketsItem>>>, ProblemResult>> HandleAsync(
        Guid id,
        [AsParameters] SimilarMarketsRequest request,
        Caller caller,
        DatabaseReader database,
        VectorModels models,
        QueryEmbedder embedder,
        VectorIndex index,
        CancellationToken cancellationToken
    )
    {
        var model = await models.FindServingAsync(cancellationToken);
        var market = await database.QuerySingleOrDefaultAsync<SimilarMarketsRow>(
            SimilarMarketsSql.SelectMarket,
            new { Id = id, ModelId = model?.Id },
            cancellationToken
        );
        if (market is null || !caller.CanSee(market.Status, market.CreatorId))
        {
            return ProblemResult.Of(MarketProblems.NotFound);
        }

        if (model is null)
        {
            return Response([]);
        }

        var vector = market.Vector is null
            ? await embedder.FindAsync(
                model.Model,
                MarketText.TextOf(market.Name, market.Description),
                null,
                cancellationToken
            )
            : VectorCode.VectorOf(market.Vector);
        if (vector is null)
        {
            return ProblemResult.Of(Problems.ServiceUnavailable, NoVector, retryAfterSeconds: 5);
        }

        var limit = request.Limit ?? SimilarMarketsRequest.DefaultLimit;
        var candidates = limit <= FewResults ? FewCandidates : ManyCandidates;
        var compared = await index.FindAsync(
            database,
            model,
            vector.Value,
            candidates,
            id,
            null,
            null,
            cancellationToken
        );
        var near = compared.Take(limit).ToList();
        var items = await database.QueryAsync<SimilarMarketsItem>(
            SimilarMarketsSql.SelectItems,
            new { Ids = near.Select(hit => hit.MarketId).ToArray(), Scores = near.Select(hit => hit.Score).ToArray() },
            cancellationToken
        );
        return Response(items);
    }

    private static Ok<Envelope<IReadOnlyList<SimilarMarketsItem>>> Response(IReadOnlyList<SimilarMarketsItem> items) =>
        TypedResults.Ok(new Envelope<IReadOnlyList<SimilarMarketsItem>>(items));
}

/// <summary>The market that others are to be similar to.</summary>
internal sealed record SimilarMarketsRow
{
    /// <summary>Its status.</summary>
    public string Status { get; init; } = "";

    /// <summary>Its creator.</summary>
    public Guid CreatorId { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The vector of just this text; null when it has none yet.</summary>
    public byte[]? Vector { get; init; }
}
