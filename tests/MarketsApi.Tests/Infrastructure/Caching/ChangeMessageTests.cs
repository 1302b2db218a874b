using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Http.Conditional;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>The messages between instances.</summary>
public sealed class ChangeMessageTests
{
    private static readonly Guid Id = new("0192f0c4-0000-7000-8000-00000000a11c");

    [Theory]
    [InlineData(1, 0)]
    [InlineData(12, 345)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void A_change_is_understood(long version, long revision)
    {
        var tag = new EntityTag(version, revision);

        var message = ChangeMessage.Parse(ChangeMessage.Changed("me", "n1", Id, tag));

        Assert.Equal(("me", "n1", Id, null), (message!.Instance, message.Nonce, message.Id, message.Epoch));
        Assert.Equal((tag, false), (message.Item!.Tag, message.Item.IsAbsent));
        Assert.Null(message.Item.Body);
    }

    [Fact]
    public void A_deletion_is_understood()
    {
        var message = ChangeMessage.Parse(ChangeMessage.Deleted("me", "n1", Id));

        Assert.Equal(("me", "n1", Id, null), (message!.Instance, message.Nonce, message.Id, message.Epoch));
        Assert.True(message.Item!.IsAbsent);
        Assert.True(message.Item.IsNewerThan(CacheItem.ChangedTo(new EntityTag(long.MaxValue - 1, 0))));
    }

    [Fact]
    public void That_something_may_have_changed_is_understood()
    {
        var message = ChangeMessage.Parse(ChangeMessage.Forgotten("me", "n1", Id));

        Assert.Equal(("me", "n1", Id, null), (message!.Instance, message.Nonce, message.Id, message.Epoch));
        Assert.Null(message.Item);
    }

    [Fact]
    public void That_everything_may_have_changed_is_understood()
    {
        var message = ChangeMessage.Parse(ChangeMessage.Everything("me") + "epoch");

        Assert.Equal(("me", null, "epoch"), (message!.Instance, message.Id, message.Epoch));
        Assert.Null(message.Item);
    }

    [Theory]
    [InlineData("")]
    [InlineData("|||")]
    [InlineData("C")]
    [InlineData("C|me|n1|0192f0c4-0000-7000-8000-00000000a11c|1")]
    [InlineData("C|me|n1|no id|1|0")]
    [InlineData("C|me|n1|0192f0c4-0000-7000-8000-00000000a11c|one|0")]
    [InlineData("C|me|n1|0192f0c4-0000-7000-8000-00000000a11c|1|0|more")]
    [InlineData("D|me|n1")]
    [InlineData("D|me|n1|no id")]
    [InlineData("F|me|n1|")]
    [InlineData("X|me|n1|0192f0c4-0000-7000-8000-00000000a11c")]
    public void Anything_else_is_ignored(string text) => Assert.Null(ChangeMessage.Parse(text));

    [Fact]
    public void Random_text_is_ignored()
    {
        const string letters = "ACDF|01-x";
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string(random.GetItems<char>(letters, random.Next(20)));

            // Everything's epoch may be anything; ids can't come about by chance.
            Assert.True(ChangeMessage.Parse(text) is null or { Id: null, Epoch: not null }, text);
        }
    }
}
