using Xunit;

namespace MarketsApi.Tests.Clients;

/// <summary>What became of a program.</summary>
/// <param name="ExitCode">0 when it went well.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The output of a program that has to go well.</summary>
    public string OutputOfSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        return Output;
    }
}
