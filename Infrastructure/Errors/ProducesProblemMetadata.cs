namespace MarketsApi.Infrastructure.Errors;

/// <summary>The refusals that an endpoint declares.</summary>
internal sealed record ProducesProblemMetadata(IReadOnlyList<DeclaredProblem> Possible);
