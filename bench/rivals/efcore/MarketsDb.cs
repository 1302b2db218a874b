using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace MarketsApi.EfCore;

internal sealed class MarketsDb(DbContextOptions<MarketsDb> options) : DbContext(options)
{
    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<MarketRow> Markets => Set<MarketRow>();

    public DbSet<PositionRow> Positions => Set<PositionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<UserRow>().ToTable("users");
        modelBuilder.Entity<MarketRow>().ToTable("markets");
        modelBuilder.Entity<PositionRow>(position =>
        {
            position.ToTable("positions");
            position.HasOne<MarketRow>().WithMany().HasForeignKey(p => p.MarketId);
            position.HasOne<UserRow>().WithMany().HasForeignKey(p => p.UserId);
        });
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            if (property.Name == "Id")
            {
                property.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
            }
        }
    }
}

internal sealed class UserRow
{
    public Guid Id { get; set; }

    public string DisplayName { get; set; } = "";

    public string? Email { get; set; }

    public DateTime CreatedAt { get; set; }
}

internal sealed class MarketRow
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string? Category { get; set; }

    public string Status { get; set; } = "";

    public string? Outcome { get; set; }

    public decimal Volume { get; set; }

    public decimal YesPool { get; set; }

    public decimal NoPool { get; set; }

    public DateTime? EndsAt { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime UpdatedAt { get; set; }

    public int Version { get; set; }

    public Guid CreatorId { get; set; }

    public UserRow Creator { get; set; } = null!;
}

internal sealed class PositionRow
{
    public Guid Id { get; set; }

    public Guid MarketId { get; set; }

    public Guid UserId { get; set; }

    public string Outcome { get; set; } = "";

    public decimal Stake { get; set; }

    public DateTime CreatedAt { get; set; }
}
