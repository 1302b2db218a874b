namespace MarketsApi.Features.Shared;

/// <summary>What a route says that edits a market.</summary>
internal static class MarketEditExtensions
{
    /// <summary>Declares how <see cref="MarketEdit"/> answers.</summary>
    public static RouteHandlerBuilder AnswersEdit(this RouteHandlerBuilder builder) =>
        builder
            .AnswersEntityTag()
            .Refuses(Problems.InsufficientPermissions, MarketProblems.NotFound, MarketProblems.Changed)
            .RefusesWith(MarketProblems.Conflict, MarketChange.Conflicts);
}
