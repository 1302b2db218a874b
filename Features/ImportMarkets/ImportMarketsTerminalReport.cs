using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>For a terminal: a bar with rate and remaining time, and rejected lines above it.</summary>
/// <remarks>Without a column of its own: a class that derives from one of the library's would have the library loaded by every process, when slices are looked for.</remarks>
internal sealed class ImportMarketsTerminalReport : IImportMarketsReport
{
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _task;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private ImportMarketsTerminalReport(IAnsiConsole console, ProgressContext context)
    {
        _console = console;
        _task = context.AddTask("Reading", maxValue: 1);
    }

    /// <summary>Shows the bar for as long as the work takes.</summary>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<IImportMarketsReport, Task<T>> work)
    {
        return await console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context => work(new ImportMarketsTerminalReport(console, context)));
    }

    public void Reject(long line, string reason) => _console.WriteLine($"line {line.ToInvariant()}: {reason}");

    public void Advance(long lines, double? share)
    {
        var rate = (lines / _watch.Elapsed.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        _task.Description = $"Reading {rate} lines/s";
        _task.IsIndeterminate = share is null;
        // A full bar would count as done, and stop.
        _task.Value = Math.Min(share ?? 0, 0.999);
    }

    public void Store()
    {
        _task.Description = "Storing";
        _task.IsIndeterminate = true;
    }
}
