using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.CorrectMarket;

/// <summary>The correct outcome of a market.</summary>
public sealed record CorrectMarketRequest
{
    /// <summary>The correct outcome. Null cancels the market. Required.</summary>
    /// <example>no</example>
    [AllowedValues(typeof(MarketOutcome))]
    public Optional<string?> Outcome { get; init; }

    /// <summary>The reason, shown to everyone in the market's history: 3 to 500 characters on one line.</summary>
    /// <example>The authority has withdrawn its report of 1 March.</example>
    public string? Reason { get; init; }
}

internal sealed class CorrectMarketValidator : AbstractValidator<CorrectMarketRequest>
{
    public CorrectMarketValidator()
    {
        RuleFor(request => request.Outcome).RequiredMember();
        RuleFor(request => request.Outcome.Value)
            .OneOf(MarketOutcome.All)
            .OverridePropertyName(request => request.Outcome);
        RuleFor(request => request.Reason).Required().Line(3, 500);
    }
}
