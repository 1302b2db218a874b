namespace MarketsApi.Features.Shared.Markets;

/// <summary>What a route says that edits a market.</summary>
internal static class MarketEditExtensions
{
    /// <summary>Declares the responses of <see cref="MarketEdit"/>.</summary>
    public static RouteHandlerBuilder ProducesEdit(this RouteHandlerBuilder builder) =>
        builder
            .ProducesETag()
            .ProducesProblem(Problems.InsufficientPermissions, MarketProblems.NotFound, MarketProblems.Changed)
            .ProducesProblemWith(MarketProblems.Conflict, MarketChange.Conflicts);
}
