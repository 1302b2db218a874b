using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>Cuts a stream into lines, in memory that doesn't grow with the stream.</summary>
internal static class ImportMarketsLines
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>The lines that aren't blank.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="endsWithMark">Whether the last line has to be <see cref="ImportMarketsEndMark.Line"/>, which isn't one of the lines.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InvalidDataException">The mark is missing.</exception>
    public static async IAsyncEnumerable<ImportMarketsText> ReadAsync(
        Stream stream,
        bool endsWithMark,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 65_536, leaveOpen: true));
        var number = 0L;
        var isTooLong = false;
        var isMarked = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            number += isTooLong ? 0 : SkipEmptyLines(ref buffer);
            while (TryTakeLine(ref buffer, result.IsCompleted, out var line))
            {
                number++;
                isTooLong |= line.Length > ImportMarketsText.MaxBytes;
                var json = isTooLong ? default : BytesOf(line, number == 1);
                isMarked = endsWithMark && json.Span.SequenceEqual(ImportMarketsEndMark.Line);
                if (!isMarked && (isTooLong || !IsBlank(json.Span)))
                {
                    yield return new ImportMarketsText(number, json, isTooLong);
                }

                isTooLong = false;
            }

            if (result.IsCompleted)
            {
                await reader.CompleteAsync();
                if (endsWithMark && !isMarked)
                {
                    throw new InvalidDataException("Bytes follow the gzip data.");
                }

                yield break;
            }

            if (buffer.Length > ImportMarketsText.MaxBytes)
            {
                isTooLong = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Skips line breaks in a row at once: a few packed bytes can stand for millions of them.</summary>
    private static long SkipEmptyLines(ref ReadOnlySequence<byte> buffer)
    {
        var first = buffer.FirstSpan.IndexOfAnyExcept((byte)'\n') is >= 0 and var found
            ? found
            : buffer.FirstSpan.Length;
        buffer = buffer.Slice(first);
        return first;
    }

    /// <summary>Takes what stands before the next line break; at the end of the stream also what has none.</summary>
    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } lineBreak)
        {
            line = buffer.Slice(0, lineBreak);
            buffer = buffer.Slice(buffer.GetPosition(1, lineBreak));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static ReadOnlyMemory<byte> BytesOf(ReadOnlySequence<byte> line, bool isFirst)
    {
        ReadOnlyMemory<byte> bytes = line.IsSingleSegment ? line.First : line.ToArray();
        return isFirst && bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;
}

/// <summary>A line of the file as it stands there; its bytes are good until the next one is asked for.</summary>
/// <param name="Number">From 1, blank lines counted.</param>
/// <param name="Json">The bytes without the line break; none when there are too many.</param>
/// <param name="IsTooLong">Whether the line was longer than <see cref="MaxBytes"/>.</param>
internal readonly record struct ImportMarketsText(long Number, ReadOnlyMemory<byte> Json, bool IsTooLong)
{
    /// <summary>Far more than the longest market with every character escaped.</summary>
    public const int MaxBytes = 1024 * 1024;
}
