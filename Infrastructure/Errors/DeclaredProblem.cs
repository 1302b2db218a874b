namespace MarketsApi.Infrastructure.Errors;

/// <summary>A kind of problem that an endpoint can answer.</summary>
/// <param name="Problem">The kind.</param>
/// <param name="Error">The sentence that goes with it, or one of them; null when it is the kind's title.</param>
internal sealed record DeclaredProblem(Problem Problem, string? Error = null);
