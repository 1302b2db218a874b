using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MarketsApi.EfCore;

public record MarketItem
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string? Category { get; init; }

    public string Status { get; init; } = "";

    public string? Outcome { get; init; }

    public decimal Volume { get; init; }

    public Pool Pool { get; init; } = new(0, 0);

    public decimal? Probability => Pool.Yes + Pool.No is var pot and not 0 ? decimal.Round(Pool.Yes / pot, 4) : null;

    public DateTime? EndsAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    public int Version { get; init; }

    public User Creator { get; init; } = new(default, "");
}

/// <summary>Immutable, so the cache hands out the same object each time instead of a copy.</summary>
[ImmutableObject(true)]
public sealed record Market : MarketItem
{
    public string Description { get; init; } = "";
}

public sealed record Pool(decimal Yes, decimal No);

public sealed record User(Guid Id, string DisplayName);

public sealed record Position(Guid Id, Guid MarketId, User User, string Outcome, decimal Stake, DateTime CreatedAt);

public sealed record Page(bool Success, IReadOnlyList<MarketItem> Data, PageMeta Meta);

public sealed record PageMeta(int Limit, int Offset);

public sealed record Envelope<T>(bool Success, T Data);

public sealed class FutureAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not DateTimeOffset time || time > DateTimeOffset.UtcNow;
}

public sealed class CentsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not decimal amount || decimal.Round(amount, 2) == amount;
}

public sealed record ListMarkets
{
    [AllowedValues(null, "active", "closed", "resolved", "cancelled")]
    public string? Status { get; init; }

    [AllowedValues(null, "volume", "createdAt")]
    public string? Sort { get; init; }

    [Range(1, 100)]
    public int? Limit { get; init; }

    [Range(0, 10_000)]
    public int? Offset { get; init; }
}

public sealed record CreateMarket
{
    [Required, StringLength(300, MinimumLength = 3)]
    public string? Name { get; init; }

    [StringLength(5_000)]
    public string? Description { get; init; }

    [RegularExpression("^[a-z0-9-]{1,50}$")]
    public string? Category { get; init; }

    [Required, Future]
    public DateTimeOffset? EndsAt { get; init; }
}

public sealed record UpdateMarket
{
    [StringLength(300, MinimumLength = 3)]
    public string? Name { get; init; }

    [StringLength(5_000)]
    public string? Description { get; init; }

    [RegularExpression("^[a-z0-9-]{1,50}$")]
    public string? Category { get; init; }

    [Future]
    public DateTimeOffset? EndsAt { get; init; }
}

public sealed record OpenPosition
{
    [Required, AllowedValues("yes", "no")]
    public string? Outcome { get; init; }

    [Required, Range(typeof(decimal), "0.01", "1000000", ParseLimitsInInvariantCulture = true), Cents]
    public decimal? Stake { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateMarket))]
[JsonSerializable(typeof(UpdateMarket))]
[JsonSerializable(typeof(OpenPosition))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(Envelope<Market>))]
[JsonSerializable(typeof(Envelope<Position>))]
internal sealed partial class WireJson : JsonSerializerContext;
