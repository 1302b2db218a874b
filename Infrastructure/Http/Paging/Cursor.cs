using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>Where a page ended: the sort key and the id of its last item, opaque to the caller.</summary>
/// <param name="Key">The sort key, as text.</param>
/// <param name="Id">The item's id, which makes the order total.</param>
/// <remarks>
/// The checksum ties it to the list that it came from (endpoint, filters, order) and catches what was cut or mistyped.
/// It is not a signature: a made-up cursor leads to a page that its author could have requested anyway.
/// </remarks>
internal sealed record Cursor(string Key, Guid Id)
{
    private const int ChecksumBytes = 8;
    private const int IdBytes = 16;

    /// <summary>The longest text that is decoded: a name of 300 code points, encoded, with room to spare.</summary>
    private const int MaxLength = 4_096;

    /// <summary>A cursor of a list that is sorted by time; null sorts as the list says.</summary>
    public Cursor(DateTime? key, Guid id)
        : this(key?.Ticks.ToString(CultureInfo.InvariantCulture) ?? "", id) { }

    /// <summary>A cursor of a list that is sorted by a number, from 0 to as many as there are ticks of time.</summary>
    public Cursor(long key, Guid id)
        : this(key.ToString(CultureInfo.InvariantCulture), id) { }

    /// <summary>The sort key as a number, or null when it is not one.</summary>
    public long? Number =>
        long.TryParse(Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= DateTime.MaxValue.Ticks
            ? number
            : null;

    /// <summary>The sort key as a time in UTC, or null when it is not one.</summary>
    public DateTime? Time => Number is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    /// <summary>The cursor for the list that <paramref name="binding"/> describes.</summary>
    public string Encode(string binding)
    {
        var bytes = new byte[ChecksumBytes + IdBytes + Encoding.UTF8.GetByteCount(Key)];
        Id.TryWriteBytes(bytes.AsSpan(ChecksumBytes), bigEndian: true, out _);
        Encoding.UTF8.GetBytes(Key, bytes.AsSpan(ChecksumBytes + IdBytes));
        Checksum(binding, bytes.AsSpan(ChecksumBytes)).CopyTo(bytes, 0);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for anything that is not a cursor of the list that <paramref name="binding"/> describes.</summary>
    public static Cursor? Decode(string text, string binding)
    {
        if (text.Length > MaxLength || !text.All(IsDigit) || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return
            bytes.Length >= ChecksumBytes + IdBytes
            && Checksum(binding, bytes.AsSpan(ChecksumBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, ChecksumBytes))
            ? new Cursor(
                Encoding.UTF8.GetString(bytes.AsSpan(ChecksumBytes + IdBytes)),
                new Guid(bytes.AsSpan(ChecksumBytes, IdBytes), bigEndian: true)
            )
            : null;
    }

    /// <summary>Reads the cursor that was sent to a list which is sorted by a time or a number; without one the list begins.</summary>
    /// <returns>False when the text is not a cursor of the list that <paramref name="binding"/> describes.</returns>
    public static bool TryDecode(string? text, string binding, out Cursor? cursor)
    {
        cursor = text is null ? null : Decode(text, binding);
        return text is null || cursor?.Number is not null;
    }

    /// <summary>The problem for a cursor that is not one of <paramref name="list"/>, which the sentence names.</summary>
    public static ProblemResult InvalidFor(string list) =>
        ProblemResult.Invalid("cursor", "InvalidCursor", $"The cursor is not one of {list}.");

    /// <summary>The alphabet of RFC 4648 section 5; the decoder also skips blanks and padding.</summary>
    private static bool IsDigit(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

    private static byte[] Checksum(string binding, ReadOnlySpan<byte> content)
    {
        var length = Encoding.UTF8.GetByteCount(binding);
        var hashed = new byte[length + content.Length];
        Encoding.UTF8.GetBytes(binding, hashed);
        content.CopyTo(hashed.AsSpan(length));
        return SHA256.HashData(hashed)[..ChecksumBytes];
    }
}
