using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.CommandLine;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("serve now")]
    [InlineData("--nonsense")]
    [InlineData("migrate --now")]
    public async Task Invalid_arguments_are_rejected_with_a_hint(string arguments)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("See --help.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_verbs_and_needs_no_settings()
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(
            ["--help"],
            ("JWT_SECRET", null),
            ("PORT", "abc")
        );

        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(
            (string[])["serve", "migrate", "token", "health"],
            verb => Assert.Matches($"(?m)^  {verb} ", output)
        );
    }

    [Fact]
    public async Task Version_is_a_version()
    {
        var (exitCode, output, _) = await ProgramProcess.RunAsync(["--version"], ("JWT_SECRET", null));

        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }
}
