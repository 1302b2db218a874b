using MarketsApi.Infrastructure.Jobs;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>Kinds of job have unique names.</summary>
public sealed class JobCatalogTests
{
    [Fact]
    public void Rejects_two_of_one_kind() =>
        Assert.Equal(
            "ScriptedJob and ScriptedJob both have the kind scripted: give one of them another.",
            Assert
                .Throws<InvalidOperationException>(() => new JobCatalog([new ScriptedJob(), new ScriptedJob()]))
                .Message
        );

    [Theory]
    [InlineData("")]
    [InlineData("IndexMarket")]
    [InlineData("index market")]
    [InlineData("a-name-that-is-longer-than-what-the-table-s-rule-allows")]
    public void Rejects_an_invalid_name(string kind) =>
        Assert.Contains(
            $"has the kind '{kind}': give it",
            Assert.Throws<InvalidOperationException>(() => new JobCatalog([new NamedJob(kind)])).Message,
            StringComparison.Ordinal
        );

    private sealed class NamedJob(string kind) : IJob
    {
        public string Kind => kind;

        public Task RunAsync(JobRun run, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
