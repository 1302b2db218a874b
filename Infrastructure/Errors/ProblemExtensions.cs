namespace MarketsApi.Infrastructure.Errors;

/// <summary>Declares which problems a route can return, for the OpenAPI document and for ids that are not valid UUIDs.</summary>
public static class ProblemExtensions
{
    /// <summary>Declares the kinds of problem that this endpoint returns itself, beyond those that follow from what it requires.</summary>
    /// <remarks>The declared 404, if any, is also the response to an id in the path that is not a valid UUID.</remarks>
    public static TBuilder ProducesProblem<TBuilder>(this TBuilder builder, params Problem[] problems)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(
            new ProducesProblemMetadata([.. problems.Select(problem => new DeclaredProblem(problem))])
        );

    /// <summary>Declares a kind of problem whose responses say more than its title, with examples of such sentences.</summary>
    public static TBuilder ProducesProblemWith<TBuilder>(
        this TBuilder builder,
        Problem problem,
        params IEnumerable<string> errors
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(
            new ProducesProblemMetadata([.. errors.Select(error => new DeclaredProblem(problem, error))])
        );
}

/// <summary>The problems that an endpoint declares.</summary>
internal sealed record ProducesProblemMetadata(IReadOnlyList<DeclaredProblem> Possible);

/// <summary>A kind of problem that an endpoint can return.</summary>
/// <param name="Problem">The kind.</param>
/// <param name="Error">The sentence that goes with it, or one of them; null when it is the kind's title.</param>
internal sealed record DeclaredProblem(Problem Problem, string? Error = null);
