namespace MarketsApi.Features.CloseExpiredMarkets;

/// <summary>A market that was closed.</summary>
internal sealed record CloseExpiredMarketsRow
{
    public Guid Id { get; init; }

    public long Version { get; init; }

    public long Revision { get; init; }
}
