using Carter;
using MarketsApi.Features.Shared;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Database;
using MarketsApi.Infrastructure.Errors;
using MarketsApi.Infrastructure.Http;
using MarketsApi.Infrastructure.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MarketsApi.Features.CreateMarket;

/// <summary>Creates a market that belongs to the caller.</summary>
public sealed class CreateMarketEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/markets", HandleAsync)
            .WithName("CreateMarket")
            .WithTags("Markets")
            .WithSummary("Create a market")
            .WithDescription("The market belongs to the caller. Null stands for a member that is left out.")
            .RequirePermission(Permission.Write)
            .Validate<CreateMarketRequest>()
            .AnswersEntityTag();

    private static async Task<Results<Created<Envelope<Market>>, Refusal>> HandleAsync(
        CreateMarketRequest request,
        Caller caller,
        Database database,
        ItemCache cache,
        TimeProvider clock,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetStoredNow();
        var market = new Market
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = PlainText.Stored(request.Name!),
            Description = PlainText.Stored(request.Description ?? ""),
            Category = request.Category,
            Status = request.Status ?? MarketStatus.Active,
            EndsAt = request.EndsAt,
            CreatedAt = now,
            UpdatedAt = now,
            Volume = 0.00m,
            Version = 1,
            CreatorId = caller.RequiredUserId,
            CreatorDisplayName = caller.DisplayName,
        };
        await cache.GuardAsync(MarketCache.Kind, market.Id, InsertAsync);
        await cache.ChangedAsync(MarketCache.Kind, market.Id, CacheItem.ChangedTo(market.EntityTag));

        context.SetEntityTag(market.EntityTag);
        return TypedResults.Created($"/api/markets/{market.Id}", new Envelope<Market>(market));

        Task<int> InsertAsync() =>
            database.ExecuteAsync(
                CreateMarketSql.Insert,
                new
                {
                    market.Id,
                    market.Name,
                    market.Description,
                    market.Category,
                    market.Status,
                    market.EndsAt,
                    market.CreatedAt,
                    market.CreatorId,
                    caller.DisplayName,
                    caller.Email,
                },
                cancellationToken
            );
    }
}
