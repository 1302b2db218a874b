using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>Levels that change while the program runs.</summary>
public sealed class LogLevelTests : IDisposable
{
    private const string DebugLine = "\"level\":\"Debug\"";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("levels-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_changed_file_changes_them()
    {
        var file = Path.Combine(_folder.FullName, "appsettings.json");
        await WriteAsync(file, "Warning");
        await using var program = Start();
        await program.UntilAsync("/health/live");
        Assert.DoesNotContain("Request completed", program.Output, StringComparison.Ordinal);

        await WriteAsync(file, "Information");
        await UntilAsync(program, "Request completed");
        Assert.DoesNotContain(DebugLine, program.Output, StringComparison.Ordinal);

        await WriteAsync(file, "Debug");
        await UntilAsync(program, DebugLine);
    }

    /// <summary>A ConfigMap of Kubernetes is a link to a link to a folder, and a change makes the second one point to another folder.</summary>
    [Fact]
    public async Task A_changed_mount_changes_them_where_files_are_polled()
    {
        await WriteAsync(Path.Combine(_folder.CreateSubdirectory("..1").FullName, "appsettings.json"), "Warning");
        await WriteAsync(Path.Combine(_folder.CreateSubdirectory("..2").FullName, "appsettings.json"), "Debug");
        // What is polled is the time of the last change, and the file system's clock ticks slowly.
        File.SetLastWriteTimeUtc(
            Path.Combine(_folder.FullName, "..2", "appsettings.json"),
            DateTime.UtcNow.AddSeconds(5)
        );
        var data = Path.Combine(_folder.FullName, "..data");
        Directory.CreateSymbolicLink(data, "..1");
        File.CreateSymbolicLink(
            Path.Combine(_folder.FullName, "appsettings.json"),
            Path.Combine("..data", "appsettings.json")
        );
        await using var program = Start(("DOTNET_USE_POLLING_FILE_WATCHER", "1"));
        await program.UntilAsync("/health/live");
        Assert.DoesNotContain("Request completed", program.Output, StringComparison.Ordinal);

        Directory.CreateSymbolicLink(data + "_tmp", "..2");
        using var move = Process.Start("mv", ["-T", data + "_tmp", data]);
        await move.WaitForExitAsync();

        await UntilAsync(program, DebugLine);
    }

    private ProgramProcess Start(params (string, string?)[] environment) =>
        ProgramProcess.Start(
            [],
            [
                ("DATABASE_URL", "postgres://x:x@127.0.0.1:1/x"),
                ("ASPNETCORE_CONTENTROOT", _folder.FullName),
                .. environment,
            ]
        );

    private static Task WriteAsync(string file, string level) =>
        File.WriteAllTextAsync(
            file,
            $$"""
            {"Serilog": {"MinimumLevel": {"Default": "{{level}}", "Override": {"Microsoft.AspNetCore": "{{level}}"} } } }
            """
        );

    private static async Task UntilAsync(ProgramProcess program, string text)
    {
        var started = Stopwatch.GetTimestamp();
        while (!program.Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"{text} never came.");
            await program.UntilAsync("/health/live", HttpStatusCode.OK);
            await Task.Delay(50);
        }
    }
}
