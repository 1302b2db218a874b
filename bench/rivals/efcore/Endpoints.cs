using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace MarketsApi.EfCore;

internal static class Endpoints
{
    public static async Task<Ok<Page>> ListAsync(
        [AsParameters] ListMarkets request,
        MarketsDb db,
        CancellationToken cancellationToken
    )
    {
        var query = request.Sort == "volume" ? Queries.ByVolume : Queries.ByCreatedAt;
        var (status, limit, offset) = (request.Status ?? "active", request.Limit ?? 20, request.Offset ?? 0);
        var items = new List<MarketItem>(limit);
        await foreach (var item in query(db, status, limit, offset).WithCancellation(cancellationToken))
        {
            items.Add(item);
        }

        return TypedResults.Ok(new Page(true, items, new PageMeta(limit, offset)));
    }

    public static async Task<Results<Ok<Envelope<Market>>, ProblemHttpResult>> GetAsync(
        Guid id,
        HybridCache cache,
        MarketsDb db,
        CancellationToken cancellationToken
    )
    {
        var market = await cache.GetOrCreateAsync(
            Key(id),
            (db, id),
            static (state, token) => new ValueTask<Market?>(Queries.Market(state.db, state.id, token)),
            cancellationToken: cancellationToken
        );
        return market is null ? NotFound() : TypedResults.Ok(new Envelope<Market>(true, market));
    }

    public static async Task<Created<Envelope<Market>>> CreateAsync(
        CreateMarket request,
        HttpContext context,
        MarketsDb db,
        CancellationToken cancellationToken
    )
    {
        var now = DateTime.UtcNow;
        var user = await EnsureUserAsync(db, context.User, now, cancellationToken);
        var market = new MarketRow
        {
            Id = Guid.CreateVersion7(),
            Name = request.Name!,
            Description = request.Description ?? "",
            Category = request.Category,
            Status = "active",
            EndsAt = request.EndsAt!.Value.UtcDateTime,
            CreatedAt = now,
            UpdatedAt = now,
            Version = 1,
            CreatorId = user.Id,
        };
        db.Markets.Add(market);
        await db.SaveChangesAsync(cancellationToken);
        var created = new Market
        {
            Id = market.Id,
            Name = market.Name,
            Description = market.Description,
            Category = market.Category,
            Status = market.Status,
            EndsAt = market.EndsAt,
            CreatedAt = market.CreatedAt,
            UpdatedAt = market.UpdatedAt,
            Version = market.Version,
            Creator = user,
        };
        return TypedResults.Created($"/api/markets/{market.Id}", new Envelope<Market>(true, created));
    }

    public static async Task<Results<Ok<Envelope<Market>>, ForbidHttpResult, ProblemHttpResult>> UpdateAsync(
        Guid id,
        UpdateMarket request,
        HttpContext context,
        MarketsDb db,
        HybridCache cache,
        CancellationToken cancellationToken
    )
    {
        var userId = UserOf(context.User).Id;
        var updated = await db
            .Markets.Where(m => m.Id == id && m.CreatorId == userId)
            .ExecuteUpdateAsync(
                market =>
                {
                    market
                        .SetProperty(m => m.UpdatedAt, DateTime.UtcNow)
                        .SetProperty(m => m.Version, m => m.Version + 1);
                    if (request.Name is { } name)
                    {
                        market.SetProperty(m => m.Name, name);
                    }

                    if (request.Description is { } description)
                    {
                        market.SetProperty(m => m.Description, description);
                    }

                    if (request.Category is { } category)
                    {
                        market.SetProperty(m => m.Category, category);
                    }

                    if (request.EndsAt is { UtcDateTime: var endsAt })
                    {
                        market.SetProperty(m => m.EndsAt, endsAt);
                    }
                },
                cancellationToken
            );
        var stored = await Queries.Market(db, id, cancellationToken);
        if (stored is null)
        {
            return NotFound();
        }

        if (updated == 0)
        {
            return TypedResults.Forbid();
        }

        await cache.RemoveAsync(Key(id), cancellationToken);
        return TypedResults.Ok(new Envelope<Market>(true, stored));
    }

    public static async Task<Results<Created<Envelope<Position>>, ProblemHttpResult>> OpenPositionAsync(
        Guid id,
        OpenPosition request,
        HttpContext context,
        MarketsDb db,
        HybridCache cache,
        CancellationToken cancellationToken
    )
    {
        var now = DateTime.UtcNow;
        var stake = request.Stake!.Value;
        var (yes, no) = request.Outcome == "yes" ? (stake, 0m) : (0m, stake);
        var user = await EnsureUserAsync(db, context.User, now, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var taken = await db
            .Markets.Where(m => m.Id == id && m.Status == "active" && m.EndsAt > now)
            .ExecuteUpdateAsync(
                market =>
                    market
                        .SetProperty(m => m.Volume, m => m.Volume + stake)
                        .SetProperty(m => m.YesPool, m => m.YesPool + yes)
                        .SetProperty(m => m.NoPool, m => m.NoPool + no),
                cancellationToken
            );
        if (taken == 0)
        {
            return await Queries.Market(db, id, cancellationToken) is null
                ? NotFound()
                : TypedResults.Problem("The market takes no positions", statusCode: StatusCodes.Status409Conflict);
        }

        var position = new PositionRow
        {
            Id = Guid.CreateVersion7(),
            MarketId = id,
            UserId = user.Id,
            Outcome = request.Outcome!,
            Stake = stake,
            CreatedAt = now,
        };
        db.Positions.Add(position);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await cache.RemoveAsync(Key(id), CancellationToken.None);
        var opened = new Position(position.Id, id, user, position.Outcome, position.Stake, position.CreatedAt);
        return TypedResults.Created((string?)null, new Envelope<Position>(true, opened));
    }

    /// <summary>Each user who writes has a row, with the name of the token.</summary>
    private static async Task<User> EnsureUserAsync(
        MarketsDb db,
        ClaimsPrincipal principal,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        var user = UserOf(principal);
        if (!await Queries.IsCurrent(db, user.Id, user.DisplayName, cancellationToken))
        {
            var email = principal.FindFirstValue("email");
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO users (id, display_name, email, created_at)
                VALUES ({user.Id}, {user.DisplayName}, {email}, {now})
                ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, email = excluded.email
                """,
                cancellationToken
            );
        }

        return user;
    }

    private static User UserOf(ClaimsPrincipal principal) =>
        new(Guid.Parse(principal.FindFirstValue("userId")!), principal.FindFirstValue("name")!);

    private static string Key(Guid id) => $"market:{id}";

    private static ProblemHttpResult NotFound() =>
        TypedResults.Problem("Market not found", statusCode: StatusCodes.Status404NotFound);
}
