namespace MarketsApi.Infrastructure.Errors;

/// <summary>The refusals that an endpoint declares.</summary>
internal sealed record RefusalMetadata(IReadOnlyList<PossibleRefusal> Possible);
