namespace MarketsApi.Features.SeedMarkets;

/// <summary>A field of questions.</summary>
/// <param name="Category">The markets' category.</param>
/// <param name="Questions">Templates of names; <c>{word}</c> stands for one of a list of <see cref="SeedMarketsWords"/>, a number or the end's date.</param>
/// <param name="Sources">Who says how it turned out.</param>
/// <param name="Details">Templates of sentences that settle a doubt; they use no word that a question may lack.</param>
internal sealed record SeedMarketsTopic(
    string Category,
    IReadOnlyList<string> Questions,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Details
);
