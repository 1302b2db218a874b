using System.Buffers;
using System.Collections;
using System.Numerics;
using System.Runtime.InteropServices;
using MarketsApi.Infrastructure.Embeddings;

namespace MarketsApi.Features.Shared.Search;

/// <summary>The signs of all markets' vectors by one model, in memory: some 200 bytes a market, compared in a tenth of the database's time.</summary>
internal sealed class SignTable
{
    private const int Words = VectorCode.Bits / 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _places = [];
    private readonly List<Guid> _ids = [];
    private readonly List<ulong> _signs = [];

    /// <summary>Adds signs, or replaces those of the same markets.</summary>
    public void Set(IEnumerable<(Guid MarketId, BitArray Signs)> rows)
    {
        lock (_lock)
        {
            foreach (var (id, signs) in rows)
            {
                ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, id, out var exists);
                if (!exists)
                {
                    place = _ids.Count;
                    _ids.Add(id);
                    CollectionsMarshal.SetCount(_signs, _signs.Count + Words);
                }

                Copy(signs, CollectionsMarshal.AsSpan(_signs).Slice(place * Words, Words));
            }
        }
    }

    /// <summary>The markets whose signs differ least from these, best first.</summary>
    public Guid[] FindNearest(BitArray signs, int count)
    {
        Span<ulong> sought = stackalloc ulong[Words];
        Copy(signs, sought);
        lock (_lock)
        {
            return FindNearest(sought, Math.Min(count, _ids.Count));
        }
    }

    /// <remarks>There are few distances and many markets, so the distances are counted instead of sorted.</remarks>
    private Guid[] FindNearest(ReadOnlySpan<ulong> sought, int count)
    {
        var all = _ids.Count;
        var distances = ArrayPool<ushort>.Shared.Rent(all);
        Span<int> starts = stackalloc int[VectorCode.Bits + 2];
        starts.Clear();
        var signs = CollectionsMarshal.AsSpan(_signs);
        for (var i = 0; i < all; i++)
        {
            var distance = 0;
            var row = signs.Slice(i * Words, Words);
            for (var word = 0; word < Words; word++)
            {
                distance += BitOperations.PopCount(row[word] ^ sought[word]);
            }

            distances[i] = (ushort)distance;
            starts[distance + 1]++;
        }

        for (var distance = 1; distance < starts.Length; distance++)
        {
            starts[distance] += starts[distance - 1];
        }

        var nearest = new Guid[count];
        for (var i = 0; i < all; i++)
        {
            ref var place = ref starts[distances[i]];
            if (place < count)
            {
                nearest[place] = _ids[i];
            }

            place++;
        }

        ArrayPool<ushort>.Shared.Return(distances);
        return nearest;
    }

    private static void Copy(BitArray signs, Span<ulong> words)
    {
        var bytes = new byte[VectorCode.Bits / 8];
        signs.CopyTo(bytes, 0);
        MemoryMarshal.Cast<byte, ulong>(bytes).CopyTo(words);
    }
}
