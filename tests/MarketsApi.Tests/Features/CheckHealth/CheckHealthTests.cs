using System.Globalization;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.CheckHealth;

public sealed class CheckHealthTests
{
    [Fact]
    public async Task Exits_with_0_when_the_serving_process_is_ready()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", database.ConnectionString));
        await program.UntilAsync("/health/ready");

        var (exitCode, output, error) = await AskAsync(program);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("\"status\":\"healthy\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exits_with_1_when_the_serving_process_is_not_ready()
    {
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", "Host=127.0.0.1;Port=1;Username=x"));
        await program.UntilAsync("/health/live");

        var (exitCode, output, _) = await AskAsync(program);

        Assert.Equal(1, exitCode);
        Assert.Contains("Service unavailable", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exits_with_1_when_no_server_responds()
    {
        var (exitCode, _, error) = await ProgramProcess.RunAsync(["health"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("No response from http://localhost:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_a_wrong_address_in_one_sentence()
    {
        var (exitCode, _, error) = await ProgramProcess.RunAsync(["health"], ("PORT", "abc"));

        Assert.Equal((1, "PORT must be a number from 1 to 65535; it is 'abc'.\n"), (exitCode, error));
    }

    private static Task<(int ExitCode, string Output, string Error)> AskAsync(ProgramProcess program) =>
        ProgramProcess.RunAsync(["health"], ("PORT", program.Address.Port.ToString(CultureInfo.InvariantCulture)));
}
