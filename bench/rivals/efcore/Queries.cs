using Microsoft.EntityFrameworkCore;

namespace MarketsApi.EfCore;

internal static class Queries
{
    public static readonly Func<MarketsDb, string, int, int, IAsyncEnumerable<MarketItem>> ByVolume =
        EF.CompileAsyncQuery(
            (MarketsDb db, string status, int limit, int offset) =>
                db
                    .Markets.AsNoTracking()
                    .Where(m => m.Status == status)
                    .OrderByDescending(m => m.Volume)
                    .ThenByDescending(m => m.Id)
                    .Skip(offset)
                    .Take(limit)
                    .Select(m => new MarketItem
                    {
                        Id = m.Id,
                        Name = m.Name,
                        Category = m.Category,
                        Status = m.Status,
                        Outcome = m.Outcome,
                        Volume = m.Volume,
                        Pool = new Pool(m.YesPool, m.NoPool),
                        EndsAt = m.EndsAt,
                        CreatedAt = m.CreatedAt,
                        UpdatedAt = m.UpdatedAt,
                        Version = m.Version,
                        Creator = new User(m.CreatorId, m.Creator.DisplayName),
                    })
        );

    public static readonly Func<MarketsDb, string, int, int, IAsyncEnumerable<MarketItem>> ByCreatedAt =
        EF.CompileAsyncQuery(
            (MarketsDb db, string status, int limit, int offset) =>
                db
                    .Markets.AsNoTracking()
                    .Where(m => m.Status == status)
                    .OrderByDescending(m => m.CreatedAt)
                    .ThenByDescending(m => m.Id)
                    .Skip(offset)
                    .Take(limit)
                    .Select(m => new MarketItem
                    {
                        Id = m.Id,
                        Name = m.Name,
                        Category = m.Category,
                        Status = m.Status,
                        Outcome = m.Outcome,
                        Volume = m.Volume,
                        Pool = new Pool(m.YesPool, m.NoPool),
                        EndsAt = m.EndsAt,
                        CreatedAt = m.CreatedAt,
                        UpdatedAt = m.UpdatedAt,
                        Version = m.Version,
                        Creator = new User(m.CreatorId, m.Creator.DisplayName),
                    })
        );

    public static readonly Func<MarketsDb, Guid, CancellationToken, Task<Market?>> Market = EF.CompileAsyncQuery(
        (MarketsDb db, Guid id, CancellationToken _) =>
            db
                .Markets.AsNoTracking()
                .Where(m => m.Id == id && m.Status != "draft")
                .Select(m => new Market
                {
                    Id = m.Id,
                    Name = m.Name,
                    Description = m.Description,
                    Category = m.Category,
                    Status = m.Status,
                    Outcome = m.Outcome,
                    Volume = m.Volume,
                    Pool = new Pool(m.YesPool, m.NoPool),
                    EndsAt = m.EndsAt,
                    CreatedAt = m.CreatedAt,
                    UpdatedAt = m.UpdatedAt,
                    Version = m.Version,
                    Creator = new User(m.CreatorId, m.Creator.DisplayName),
                })
                .SingleOrDefault()
    );

    public static readonly Func<MarketsDb, Guid, string, CancellationToken, Task<bool>> IsCurrent =
        EF.CompileAsyncQuery(
            (MarketsDb db, Guid id, string name, CancellationToken _) =>
                db.Users.Any(u => u.Id == id && u.DisplayName == name)
        );
}
