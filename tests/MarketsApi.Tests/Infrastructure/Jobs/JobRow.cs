namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A job as the database has it.</summary>
public sealed record JobRow
{
    public Guid Id { get; init; }

    public string State { get; init; } = "";

    public int Attempts { get; init; }

    public string? LastError { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime RunAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public Guid? WorkerId { get; init; }
}
