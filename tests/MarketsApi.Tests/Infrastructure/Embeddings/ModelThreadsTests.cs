using MarketsApi.Infrastructure.Embeddings;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class ModelThreadsTests
{
    [Fact]
    public async Task Give_way_to_all_others_where_they_should()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has such a policy.");
        using var background = new ModelThreads("Test", 1, giveWay: true);

        Assert.Equal("5", await background.RunAsync(OwnPolicy));
        using var foreground = new ModelThreads("Test", 2, giveWay: false);
        Assert.Equal("0", await foreground.RunAsync(OwnPolicy));
    }

    /// <summary>The 41st field of a thread's status, of which the second is a name in parentheses (proc(5)).</summary>
    private static string OwnPolicy()
    {
        var status = File.ReadAllText("/proc/thread-self/stat");
        return status[(status.LastIndexOf(')') + 2)..].Split(' ')[41 - 3];
    }
}
