namespace MarketsApi.Features.Shared.Markets;

/// <summary>What a route says that edits a market.</summary>
internal static class MarketEditExtensions
{
    /// <summary>Declares how <see cref="MarketEdit"/> answers.</summary>
    public static RouteHandlerBuilder AnswersEdit(this RouteHandlerBuilder builder) =>
        builder
            .ProducesETag()
            .ProducesProblem(Problems.InsufficientPermissions, MarketProblems.NotFound, MarketProblems.Changed)
            .ProducesProblemWith(MarketProblems.Conflict, MarketChange.Conflicts);
}
