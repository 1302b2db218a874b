using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>For a terminal: a bar with rate and remaining time, and rejected lines above it.</summary>
internal sealed class ImportMarketsTerminalReport : IImportMarketsReport
{
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _task;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _lines;

    private ImportMarketsTerminalReport(IAnsiConsole console, ProgressContext context)
    {
        _console = console;
        _task = context.AddTask("Reading", maxValue: 1);
    }

    /// <summary>Shows the bar for as long as the work takes.</summary>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<IImportMarketsReport, Task<T>> work)
    {
        var rate = new RateColumn();
        return await console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                rate,
                new RemainingTimeColumn()
            )
            .StartAsync(context =>
            {
                var report = new ImportMarketsTerminalReport(console, context);
                rate.Report = report;
                return work(report);
            });
    }

    public void Reject(long line, string reason) => _console.WriteLine($"line {line.ToInvariant()}: {reason}");

    public void Advance(long lines, double? share)
    {
        Interlocked.Exchange(ref _lines, lines);
        _task.IsIndeterminate = share is null;
        // A full bar would count as done, and stop.
        _task.Value = Math.Min(share ?? 0, 0.999);
    }

    public void Store()
    {
        _watch.Stop();
        _task.Description = "Storing";
        _task.IsIndeterminate = true;
    }

    private string Rate =>
        $"{(Interlocked.Read(ref _lines) / _watch.Elapsed.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture)} lines/s";

    private sealed class RateColumn : ProgressColumn
    {
        public ImportMarketsTerminalReport? Report { get; set; }

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Report?.Rate ?? "");
    }
}
