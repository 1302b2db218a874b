using MarketsApi.Infrastructure.Caching;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

public sealed class CacheKindTests
{
    private static readonly byte[] Epoch = "0123456789ababcdef012345"u8.ToArray();

    [Fact]
    public void The_same_properties_have_the_same_mark_and_others_another()
    {
        Assert.Equal(MarkOf<One>(Epoch), MarkOf<Same>(Epoch));
        string[] marks =
        [
            MarkOf<One>(Epoch),
            MarkOf<OneMore>(Epoch),
            MarkOf<OtherType>(Epoch),
            MarkOf<OtherWords>(Epoch),
            MarkOf<OtherInside>(Epoch),
        ];
        Assert.Distinct(marks);
        Assert.All(marks, mark => Assert.StartsWith("0123456789ababcdef012345.", mark, StringComparison.Ordinal));
        Assert.All(marks, mark => Assert.DoesNotContain('|', mark));
    }

    [Fact]
    public void A_new_epoch_has_another_mark()
    {
        var kind = CacheKind.Of<One>("one");

        var first = kind.MarkIn(Epoch);
        var second = kind.MarkIn("another"u8.ToArray());

        Assert.NotEqual(first, second);
        Assert.Equal(first, kind.MarkIn(Epoch));
    }

    private static string MarkOf<T>(byte[] epoch) =>
        System.Text.Encoding.ASCII.GetString(CacheKind.Of<T>("one").MarkIn(epoch));

    private sealed record One(string Name, Word Word, Inside Inside);

    private sealed record Same(string Name, Word Word, Inside Inside);

    private sealed record OneMore(string Name, Word Word, Inside Inside, decimal? Probability);

    private sealed record OtherType(long Name, Word Word, Inside Inside);

    private sealed record OtherWords(string Name, OneMoreWord Word, Inside Inside);

    private sealed record OtherInside(string Name, Word Word, MoreInside Inside);

    private sealed record Inside(string Text);

    private sealed record MoreInside(string Text, string More);

    [System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<Word>))]
    private enum Word
    {
        Yes,
    }

    [System.Text.Json.Serialization.JsonConverter(
        typeof(System.Text.Json.Serialization.JsonStringEnumConverter<OneMoreWord>)
    )]
    private enum OneMoreWord
    {
        Yes,
        No,
    }
}
