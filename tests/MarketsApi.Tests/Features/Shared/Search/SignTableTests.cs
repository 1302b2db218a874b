using System.Collections;
using MarketsApi.Features.Shared.Search;
using MarketsApi.Infrastructure.Embeddings;
using Xunit;

namespace MarketsApi.Tests.Features.Shared.Search;

public sealed class SignTableTests
{
    [Fact]
    public void Finds_what_a_comparison_of_all_finds_and_the_last_signs_of_a_market_count()
    {
        var random = new Random(3);
        var table = new SignTable();
        var rows = Enumerable.Range(0, 500).Select(_ => (Id: Guid.NewGuid(), Signs: Any(random))).ToList();
        table.Set(rows.Select(row => (row.Id, Any(random))));
        table.Set(rows);

        for (var round = 0; round < 20; round++)
        {
            var sought = Any(random);

            var found = table.FindNearest(sought, 60);

            var distances = rows.ToDictionary(row => row.Id, row => Distance(row.Signs, sought));
            Assert.Equal(distances.Values.Order().Take(60), found.Select(id => distances[id]));
            Assert.Equal(60, found.Distinct().Count());
        }
    }

    [Fact]
    public void Has_no_more_than_there_are()
    {
        var table = new SignTable();
        Assert.Empty(table.FindNearest(new BitArray(VectorCode.Bits), 10));

        table.Set([(Guid.NewGuid(), new BitArray(VectorCode.Bits, true))]);

        Assert.Single(table.FindNearest(new BitArray(VectorCode.Bits), 10));
    }

    private static BitArray Any(Random random)
    {
        var bytes = new byte[VectorCode.Bits / 8];
        random.NextBytes(bytes);
        return new BitArray(bytes);
    }

    private static int Distance(BitArray one, BitArray other) =>
        Enumerable.Range(0, VectorCode.Bits).Count(i => one[i] != other[i]);
}
