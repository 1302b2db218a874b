using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Http.Conditional;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>Items as they are stored in Redis.</summary>
public sealed class RedisFormatTests
{
    private static readonly byte[] Epoch = "0123456789ababcdef012345"u8.ToArray();

    [Fact]
    public void What_is_written_is_read()
    {
        var checks = 0;
        Prop.ForAll<long, long, byte[]>(
                (version, revision, body) =>
                {
                    checks++;
                    var item = CacheItem.Of(new EntityTag(version & long.MaxValue, revision & long.MaxValue), body);

                    var found = RedisFormat.Read(RedisFormat.Write(item, Epoch), Epoch);

                    return found is { IsAbsent: false, OnlyFor: null }
                        && found.Tag == item.Tag
                        && found.Body!.Value.Span.SequenceEqual(body)
                        && found.MadeAt.ToUnixTimeMilliseconds() == item.MadeAt.ToUnixTimeMilliseconds();
                }
            )
            .QuickCheckThrowOnFailure();
        Assert.True(checks >= 100);
    }

    [Fact]
    public void A_deletion_stays_one_and_newer_than_everything()
    {
        var found = RedisFormat.Read(RedisFormat.Write(CacheItem.Deleted(), Epoch), Epoch);

        Assert.True(found is { IsAbsent: true, Body: null });
        Assert.True(found.IsNewerThan(CacheItem.ChangedTo(new EntityTag(long.MaxValue - 1, 0))));
    }

    [Fact]
    public void An_absence_stays_one_and_older_than_everything()
    {
        var found = RedisFormat.Read(RedisFormat.Write(CacheItem.Absent(), Epoch), Epoch);

        Assert.True(found is { IsAbsent: true, Body: null });
        Assert.True(CacheItem.ChangedTo(new EntityTag(1, 0)).IsNewerThan(found));
    }

    [Fact]
    public void A_value_of_another_epoch_is_ignored()
    {
        var item = CacheItem.Of(new EntityTag(1, 0), "{}"u8.ToArray());
        var value = RedisFormat.Write(item, Epoch);

        Assert.NotNull(RedisFormat.Read(value, Epoch));
        Assert.Null(RedisFormat.Read(value, "another"u8));
        Assert.Null(RedisFormat.Read(value, Epoch.AsSpan(0, 23)));
        Assert.Null(RedisFormat.Read(value, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("|")]
    [InlineData("||||||")]
    [InlineData("L|0123456789ab")]
    [InlineData("V|0123456789ababcdef012345")]
    [InlineData("V|0123456789ababcdef012345|1|0|1")]
    [InlineData("V|0123456789ababcdef012345|1|0||{}")]
    [InlineData("V|0123456789ababcdef012345|1x|0|1|{}")]
    [InlineData("V|0123456789ababcdef012345|99999999999999999999|0|1|{}")]
    [InlineData("VV|0123456789ababcdef012345|1|0|1|{}")]
    [InlineData("X|0123456789ababcdef012345|1|0|1|{}")]
    [InlineData("{\"success\":true}")]
    public void An_invalid_value_is_ignored(string text) =>
        Assert.Null(RedisFormat.Read(Encoding.UTF8.GetBytes(text), Epoch));

    [Fact]
    public void A_time_out_of_range_is_ignored() =>
        Assert.Null(RedisFormat.Read("V|0123456789ababcdef012345|1|0|9223372036854775807|{}"u8.ToArray(), Epoch));

    [Fact]
    public void Random_bytes_are_ignored()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var value = new byte[random.Next(80)];
            random.NextBytes(value);

            Assert.Null(RedisFormat.Read(value, Epoch));
        }
    }

    [Fact]
    public void A_value_with_a_truncated_header_is_ignored()
    {
        var value = RedisFormat.Write(CacheItem.Of(new EntityTag(12, 34), "{}"u8.ToArray()), Epoch);

        for (var length = 0; length < value.Length - 2; length++)
        {
            Assert.Null(RedisFormat.Read(value[..length], Epoch));
        }
    }
}
