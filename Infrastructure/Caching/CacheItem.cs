using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Schema;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What is known of a resource: its response as it goes out, that it doesn't exist, or only which version is the newest.</summary>
internal sealed class CacheItem
{
    /// <summary>Newer than any version: what has been deleted stays so.</summary>
    private static readonly EntityTag DeletedTag = new(long.MaxValue, long.MaxValue);

    private CacheItem(EntityTag tag, ReadOnlyMemory<byte>? body)
    {
        Tag = tag;
        Body = body;
        TagHeader = tag.ToString();
    }

    /// <summary>Version and revision: what is newer replaces what is older, and never the other way round.</summary>
    public EntityTag Tag { get; }

    /// <summary>The body of the response, JSON in UTF-8; null when only the version is known, or that the resource doesn't exist.</summary>
    public ReadOnlyMemory<byte>? Body { get; }

    /// <summary>When it was read from the database; set by the cache.</summary>
    public DateTimeOffset MadeAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>The resource was not found.</summary>
    public bool IsAbsent { get; private init; }

    /// <summary>The only user who may see it, besides those who see everything; null for a public one. Only public ones are cached.</summary>
    public Guid? OnlyFor { get; private init; }

    /// <summary>The ETag header.</summary>
    internal StringValues TagHeader { get; }

    /// <summary>Whether a response can be made of it, as opposed to a comparison of versions.</summary>
    internal bool IsResponse => Body is not null || IsAbsent;

    /// <summary>A resource as the database has it.</summary>
    public static CacheItem Of(EntityTag tag, ReadOnlyMemory<byte> body, Guid? onlyFor = null) =>
        new(tag, body) { OnlyFor = onlyFor };

    /// <summary>A resource that has changed to this version, without its body.</summary>
    public static CacheItem ChangedTo(EntityTag tag) => new(tag, null);

    /// <summary>The database has no such resource; anything created under this id is newer.</summary>
    internal static CacheItem Absent() => new(default, null) { IsAbsent = true };

    /// <summary>The resource has been deleted.</summary>
    internal static CacheItem Deleted() => new(DeletedTag, null) { IsAbsent = true };

    /// <summary>Whether this is a later state of the same resource.</summary>
    internal bool IsNewerThan(CacheItem other) =>
        (Tag.Version, Tag.Revision).CompareTo((other.Tag.Version, other.Tag.Revision)) > 0;
}

/// <summary>An item, and where it came from.</summary>
/// <param name="Item">What is known; never only a version.</param>
/// <param name="Source">Where it came from.</param>
internal readonly record struct CacheResult(CacheItem Item, CacheSource Source);

/// <summary>Where a response came from.</summary>
internal enum CacheSource
{
    /// <summary>The memory of this process.</summary>
    Memory,

    /// <summary>Redis.</summary>
    Redis,

    /// <summary>The database.</summary>
    Database,

    /// <summary>The database, by another request for the same at the same time.</summary>
    Shared,

    /// <summary>The database, because caching is off or the response is not cacheable.</summary>
    None,
}

/// <summary>A kind of item, and the shape of its responses.</summary>
/// <remarks>
/// While a new version is rolled out, both versions share Redis. The keys are the same for both, so that each version's changes invalidate
/// the other's copies; each copy names its shape, so that neither version sends a copy whose properties it doesn't have.
/// </remarks>
internal sealed class CacheKind
{
    private readonly byte[] _shape;
    private volatile Marked _last = new([], []);

    private CacheKind(string name, byte[] shape) => (Name, _shape) = (name, shape);

    /// <summary>The first part of the keys in Redis: <c>{name}:{id}</c>.</summary>
    public string Name { get; }

    /// <summary>Items whose responses are of a type.</summary>
    public static CacheKind Of<T>(string name)
    {
        var schema = JsonSettings.Wire.GetJsonSchemaAsNode(typeof(T)).ToJsonString();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(schema));
        return new CacheKind(name, Encoding.ASCII.GetBytes("." + Convert.ToHexStringLower(hash.AsSpan(0, 6))));
    }

    /// <summary>What a value in Redis has to name to count: the epoch, and the shape.</summary>
    public byte[] MarkIn(byte[] epoch)
    {
        var last = _last;
        if (!ReferenceEquals(last.Epoch, epoch))
        {
            _last = last = new Marked(epoch, [.. epoch, .. _shape]);
        }

        return last.Mark;
    }

    private sealed record Marked(byte[] Epoch, byte[] Mark);
}
