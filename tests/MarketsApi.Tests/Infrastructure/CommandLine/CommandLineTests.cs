using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.CommandLine;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'. See --help.")]
    [InlineData("serve now", "Unrecognized command or argument 'now'. See --help.")]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'. See --help.")]
    [InlineData("migrate --now", "Unrecognized command or argument '--now'. See --help.")]
    [InlineData(
        "seed --Caching__Enabled=false --count few",
        "Cannot parse argument 'few' for option '--count'. See --help."
    )]
    [InlineData("seed --count few", "Cannot parse argument 'few' for option '--count'. See --help.")]
    [InlineData(
        "token --role king",
        "Argument 'king' not recognized. Must be one of: 'user' 'moderator' 'admin' See --help."
    )]
    public async Task Invalid_arguments_are_rejected_with_a_hint(string arguments, string sentence)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(arguments.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(sentence + "\n", error);
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
