namespace MarketsApi.Infrastructure.Errors;

/// <summary>One fault of a request.</summary>
/// <param name="Field">The member, query parameter or header at fault, in the caller's own spelling; a path (<c>$.endsAt</c>) for a fault of the JSON itself.</param>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ProblemDetail(string Field, string Code, string Message);
