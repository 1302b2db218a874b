using MarketsApi.Infrastructure.Embeddings;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Embeddings;

public sealed class BackgroundThreadTests
{
    [Fact]
    public async Task Gives_way_to_all_other_threads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has such a policy.");
        using var background = new BackgroundThread("Test");

        Assert.Equal("5", await background.RunAsync(OwnPolicy));
        Assert.Equal("0", await Task.Run(OwnPolicy, TestContext.Current.CancellationToken));
    }

    /// <summary>The 41st field of a thread's status, of which the second is a name in parentheses (proc(5)).</summary>
    private static string OwnPolicy()
    {
        var status = File.ReadAllText("/proc/thread-self/stat");
        return status[(status.LastIndexOf(')') + 2)..].Split(' ')[41 - 3];
    }
}
