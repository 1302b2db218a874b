namespace MarketsApi.Infrastructure.Errors;

/// <summary>The kinds of problem that an endpoint declares.</summary>
internal sealed record RefusalMetadata(IReadOnlyList<Problem> Problems);
