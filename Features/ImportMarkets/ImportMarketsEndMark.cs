using System.IO.Compression;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>A gzip file with one more member at its end, which holds a mark.</summary>
/// <remarks>
/// A gzip file is a row of members and nothing else (RFC 1952 section 2.2). The runtime stops reading at the first byte
/// that begins no member and drops the rest in silence, as SharpZipLib does. Where the mark is unpacked last, nothing was dropped.
/// </remarks>
internal sealed class ImportMarketsEndMark(Stream file) : Stream
{
    /// <summary>The mark as a line of the unpacked content; no JSON begins so.</summary>
    public static ReadOnlySpan<byte> Line => "\u0003end of file"u8;

    private readonly MemoryStream _mark = new(Packed());
    private bool _isEmpty = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        HasRead(file.Read(buffer, offset, count)) is > 0 and var read ? read : _mark.Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) =>
        HasRead(await file.ReadAsync(buffer, cancellationToken)) is > 0 and var read
            ? read
            : await _mark.ReadAsync(buffer, cancellationToken);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <exception cref="InvalidDataException">The file is empty: it was cut off before its first member, and gzip(1) rejects it as well.</exception>
    private int HasRead(int count)
    {
        _isEmpty &= count == 0;
        return _isEmpty ? throw new InvalidDataException("The file is empty.") : count;
    }

    private static byte[] Packed()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write("\n"u8);
            gzip.Write(Line);
        }

        return packed.ToArray();
    }
}
