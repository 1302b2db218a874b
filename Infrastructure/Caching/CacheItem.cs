using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.Caching;

/// <summary>What is known of a resource: its answer as it goes out, that there is none, or just which version is the newest.</summary>
internal sealed class CacheItem
{
    /// <summary>Newer than anything: what has been deleted stays so.</summary>
    private static readonly EntityTag Never = new(long.MaxValue, long.MaxValue);

    private CacheItem(EntityTag tag, ReadOnlyMemory<byte>? body, DateTimeOffset madeAt)
    {
        Tag = tag;
        Body = body;
        MadeAt = madeAt;
        TagHeader = tag.ToString();
    }

    /// <summary>Version and revision: what is newer replaces what is older, and never the other way round.</summary>
    public EntityTag Tag { get; }

    /// <summary>The body of the answer, JSON in UTF-8; null when only the version is known, or that there is nothing.</summary>
    public ReadOnlyMemory<byte>? Body { get; }

    /// <summary>When the database said so.</summary>
    public DateTimeOffset MadeAt { get; }

    /// <summary>There is no such resource.</summary>
    public bool IsAbsent { get; private init; }

    /// <summary>The only user who may see it, besides those who see everything; null for a public one. Only public ones are kept.</summary>
    public Guid? OnlyFor { get; private init; }

    /// <summary>The ETag header.</summary>
    internal StringValues TagHeader { get; }

    /// <summary>Whether it can be answered with, as opposed to only compared.</summary>
    internal bool IsAnswer => Body is not null || IsAbsent;

    /// <summary>A resource, as the database has it.</summary>
    public static CacheItem Of(EntityTag tag, ReadOnlyMemory<byte> body, Guid? onlyFor = null) =>
        new(tag, body, DateTimeOffset.UtcNow) { OnlyFor = onlyFor };

    /// <summary>A resource that has changed to this version, without its answer.</summary>
    public static CacheItem ChangedTo(EntityTag tag) => new(tag, null, DateTimeOffset.UtcNow);

    /// <summary>The database has no such resource; whatever is made under this id is newer.</summary>
    internal static CacheItem Absent() => new(default, null, DateTimeOffset.UtcNow) { IsAbsent = true };

    /// <summary>The resource has been deleted.</summary>
    internal static CacheItem Deleted() => new(Never, null, DateTimeOffset.UtcNow) { IsAbsent = true };

    /// <summary>As Redis keeps it.</summary>
    internal static CacheItem Kept(EntityTag tag, ReadOnlyMemory<byte> body, DateTimeOffset madeAt) =>
        new(tag, body, madeAt);

    /// <summary>Whether this is a later state of the same resource.</summary>
    internal bool IsNewerThan(CacheItem other) =>
        (Tag.Version, Tag.Revision).CompareTo((other.Tag.Version, other.Tag.Revision)) > 0;
}
