using MarketsApi.Infrastructure.Jobs;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>Kinds of job are told apart by their names.</summary>
public sealed class JobCatalogTests
{
    [Fact]
    public void Refuses_two_of_one_kind() =>
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
    public void Refuses_what_is_no_name(string kind) =>
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
