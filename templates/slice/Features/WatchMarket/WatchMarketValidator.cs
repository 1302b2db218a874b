namespace MarketsApi.Features.WatchMarket;

internal sealed class WatchMarketValidator : AbstractValidator<WatchMarketRequest>
{
    public WatchMarketValidator() => RuleFor(request => request.Note).Line(1, 200);
}
