using System.Text.Json;
using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>One line of the file; unknown values are null.</summary>
internal sealed record ImportMarketsLine
{
    /// <summary>The market's id at its source; with <see cref="Source"/> it says which market this is.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Where the market comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The question.</summary>
    public string? Name { get; init; }

    /// <summary>What exactly is asked.</summary>
    public string? Description { get; init; }

    /// <summary>The subject, however the source writes it.</summary>
    public string? Category { get; init; }

    /// <summary>One of our own states; null to let the end decide.</summary>
    public string? Status { get; init; }

    /// <summary>What has been staked, with any number of decimals.</summary>
    public decimal? Volume { get; init; }

    /// <summary>The name of who made it.</summary>
    public string? Creator { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>When it ends, in UTC.</summary>
    public DateTime? EndsAt { get; init; }

    /// <summary><c>YES</c> or <c>NO</c>, in any case.</summary>
    public string? Outcome { get; init; }
}

/// <summary>What a line must be like to go in. A category and a creator's name are never at fault: they are brought to their form.</summary>
internal sealed class ImportMarketsValidator : AbstractValidator<ImportMarketsLine>
{
    /// <summary>A tenth of what the column holds, so that stakes can still be added.</summary>
    public const decimal MaxVolume = 999_999_999_999_999.99m;

    /// <summary>Together with <see cref="MaxExternalId"/> bounded by what a key of the database's index holds.</summary>
    private const int MaxSource = 100;

    private const int MaxExternalId = 500;

    public ImportMarketsValidator()
    {
        RuleFor(line => line.Source).Required().WithMessage("source is missing.").Line(1, MaxSource);
        RuleFor(line => line.ExternalId).Required().WithMessage("externalId is missing.").Line(1, MaxExternalId);
        RuleFor(line => line.Name).Required().WithMessage("name is missing.").MarketName();
        RuleFor(line => line.Description).MarketDescription();
        RuleFor(line => line.Status).OneOf(MarketStatus.All);
        RuleFor(line => line.Outcome)
            .Must(outcome => outcome is null || MarketOutcome.All.Contains(outcome, StringComparer.OrdinalIgnoreCase))
            .WithMessage(line => $"outcome must be YES or NO; it is {Quoted(line.Outcome!)}.");
        RuleFor(line => line.Outcome)
            .NotNull()
            .When(line => line.Status == MarketStatus.Resolved)
            .WithMessage("A resolved market needs an outcome.");
        RuleFor(line => line.Volume).GreaterThanOrEqualTo(0).WithMessage("volume must not be negative.");
        RuleFor(line => line.Volume)
            .LessThanOrEqualTo(MaxVolume)
            .WithMessage($"volume must be at most {MaxVolume.ToInvariant()}.");
    }

    /// <summary>Somebody else's text on our terminal: escaped, and not too much of it.</summary>
    public static string Quoted(string text) =>
        JsonSerializer.Serialize(text.Length <= 40 ? text : text[..39] + "…", JsonSettings.Wire);
}
