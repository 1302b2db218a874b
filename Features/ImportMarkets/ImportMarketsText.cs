namespace MarketsApi.Features.ImportMarkets;

/// <summary>A line of the file as it stands there; its bytes are good until the next one is asked for.</summary>
/// <param name="Number">From 1, blank lines counted.</param>
/// <param name="Json">The bytes without the line break; none when there are too many.</param>
/// <param name="IsTooLong">Whether the line was longer than <see cref="MaxBytes"/>.</param>
internal readonly record struct ImportMarketsText(long Number, ReadOnlyMemory<byte> Json, bool IsTooLong)
{
    /// <summary>Far more than the longest market with every character escaped.</summary>
    public const int MaxBytes = 1024 * 1024;
}
