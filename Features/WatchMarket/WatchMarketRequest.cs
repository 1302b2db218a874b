namespace MarketsApi.Features.WatchMarket;

/// <summary>The note of a watched market.</summary>
public sealed record WatchMarketRequest
{
    /// <summary>A private note: 1 to 200 characters on one line. Only its author sees it. No note when left out.</summary>
    /// <example>Sell when the gauge falls below 1 m</example>
    public string? Note { get; init; }
}

internal sealed class WatchMarketValidator : AbstractValidator<WatchMarketRequest>
{
    public WatchMarketValidator() => RuleFor(request => request.Note).Line(1, 200);
}
