using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>An item as a key in Redis holds it; see <see cref="RedisScripts"/>.</summary>
internal static class RedisFormat
{
    private const byte Bar = (byte)'|';

    /// <summary>Writes an item.</summary>
    public static byte[] Write(CacheItem item, byte[] mark)
    {
        var kind =
            !item.IsAbsent ? 'V'
            : item.Tag.Version > 0 ? 'T'
            : 'N';
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}|{Encoding.ASCII.GetString(mark)}|{item.Tag.Version}|{item.Tag.Revision}|{item.MadeAt.ToUnixTimeMilliseconds()}|"
        );
        var value = new byte[head.Length + (item.Body?.Length ?? 0)];
        Encoding.ASCII.GetBytes(head, value);
        item.Body?.Span.CopyTo(value.AsSpan(head.Length));
        return value;
    }

    /// <summary>Reads an item; null when it is of another epoch or shape, a lease, or not one of ours.</summary>
    public static CacheItem? Read(byte[] value, ReadOnlySpan<byte> mark)
    {
        var rest = value.AsSpan();
        if (
            Next(ref rest) is not [var kind]
            || !Next(ref rest).SequenceEqual(mark)
            || !TryNext(ref rest, out var version)
            || !TryNext(ref rest, out var revision)
            || !TryNext(ref rest, out var madeAt)
            || madeAt < 0
            || madeAt > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        )
        {
            return null;
        }

        return kind switch
        {
            (byte)'V' => WithTime(
                CacheItem.Of(new EntityTag(version, revision), value.AsMemory(value.Length - rest.Length)),
                madeAt
            ),
            (byte)'T' => WithTime(CacheItem.Deleted(), madeAt),
            (byte)'N' => WithTime(CacheItem.Absent(), madeAt),
            _ => null,
        };
    }

    private static CacheItem WithTime(CacheItem item, long madeAt)
    {
        item.MadeAt = DateTimeOffset.FromUnixTimeMilliseconds(madeAt);
        return item;
    }

    private static ReadOnlySpan<byte> Next(ref Span<byte> rest)
    {
        var end = rest.IndexOf(Bar);
        if (end < 0)
        {
            return [];
        }

        var part = rest[..end];
        rest = rest[(end + 1)..];
        return part;
    }

    private static bool TryNext(ref Span<byte> rest, out long number)
    {
        var part = Next(ref rest);
        return Utf8Parser.TryParse(part, out number, out var used) && used == part.Length;
    }
}
