namespace MarketsApi.Tests.Features.Shared;

/// <summary>A market as a test puts it into the database, past the API; give what the test is about.</summary>
internal sealed record MarketRow
{
    public static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public Guid Id { get; init; } = Guid.NewGuid();

    public string Name { get; init; } = "Will it happen?";

    public string? Category { get; init; }

    public string Status { get; init; } = "active";

    public string? Outcome => Status == "resolved" ? "yes" : null;

    public decimal Volume { get; init; }

    /// <summary>Null makes it an imported one, which alone can be open-ended.</summary>
    public DateTime? EndsAt { get; init; } = Noon;

    public DateTime CreatedAt { get; init; } = Noon.AddYears(-5);

    public Guid CreatorId { get; init; } = new("c0c0c0c0-0000-7000-8000-000000000001");
}
