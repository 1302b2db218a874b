namespace MarketsApi.Features.WatchMarket;

/// <summary>What goes with the watch.</summary>
public sealed record WatchMarketRequest
{
    /// <summary>A note to oneself: 1 to 200 characters on one line. None when left out; only its writer sees it.</summary>
    /// <example>Sell when the gauge falls below 1 m</example>
    public string? Note { get; init; }
}

internal sealed class WatchMarketValidator : AbstractValidator<WatchMarketRequest>
{
    public WatchMarketValidator() => RuleFor(request => request.Note).Line(1, 200);
}
