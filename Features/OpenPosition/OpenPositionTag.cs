namespace MarketsApi.Features.OpenPosition;

/// <summary>The market's entity tag with the position.</summary>
internal sealed record OpenPositionTag
{
    public long Version { get; init; }

    public long Revision { get; init; }
}
