using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Schema;

namespace MarketsApi.Infrastructure.Caching;

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
