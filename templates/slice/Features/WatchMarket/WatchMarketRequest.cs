namespace MarketsApi.Features.WatchMarket;

/// <summary>What the caller sends.</summary>
public sealed record WatchMarketRequest
{
    /// <summary>A private note: 1 to 200 characters on one line. Only its author sees it. No note when left out.</summary>
    /// <example>Mine</example>
    public string? Note { get; init; }
}

internal sealed class WatchMarketValidator : AbstractValidator<WatchMarketRequest>
{
    public WatchMarketValidator() => RuleFor(request => request.Note).Line(1, 200);
}
