using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>The document passes Redocly's recommended rules; see redocly.yaml.</summary>
public sealed class OpenApiLintTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Linter = "@redocly/cli@2.77.0";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Has_no_errors_and_no_warnings()
    {
        var version = await RunAsync("--version");
        Assert.SkipUnless(version.ExitCode == 0, $"npx can't get {Linter}: {version.Text.Split('\n')[0]}");
        var file = Path.Combine(Path.GetTempPath(), $"openapi-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(
            file,
            (await ApiDocument.OfAsync(api.Host)).Text,
            TestContext.Current.CancellationToken
        );
        try
        {
            var (_, report) = await RunAsync("lint", file, "--format=json");

            var totals = JsonDocument.Parse(report[report.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
            Assert.True(totals.GetProperty("totals").GetProperty("errors").GetInt32() == 0, report);
            Assert.True(totals.GetProperty("totals").GetProperty("warnings").GetInt32() == 0, report);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Runs the linter; returns its standard output, or the reason why there is no output.</summary>
    private static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("npx", ["--yes", Linter, .. arguments])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        start.Environment["npm_config_update_notifier"] = "false";
        try
        {
            using var process = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Limit);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return (
                    process.ExitCode,
                    process.ExitCode == 0 || (await output).Length > 0 ? await output : await error
                );
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"no response within {Limit.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
