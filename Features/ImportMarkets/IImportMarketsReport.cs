using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>What people see of an import while it runs.</summary>
internal interface IImportMarketsReport
{
    /// <summary>A line doesn't go in.</summary>
    void Reject(long line, string reason);

    /// <summary>So many lines have been read, and such a share of the file, from 0 to 1; null when its size isn't known.</summary>
    void Advance(long lines, double? share);

    /// <summary>All lines have been read; the database goes on alone.</summary>
    void Store();
}

/// <summary>For files and pipes: rejected lines to one, and a line of progress every few seconds to the other.</summary>
internal sealed class ImportMarketsPlainReport(TextWriter progress, TextWriter rejections, TimeProvider clock)
    : IImportMarketsReport
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly long _start = clock.GetTimestamp();
    private long _lines;
    private TimeSpan _next = Interval;

    public void Reject(long line, string reason) => rejections.WriteLine($"line {line.ToInvariant()}: {reason}");

    public void Advance(long lines, double? share)
    {
        _lines = lines;
        var elapsed = clock.GetElapsedTime(_start);
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + Interval;
        var rate = lines / elapsed.TotalSeconds;
        var left = share is > 0 ? elapsed / share.Value - elapsed : (TimeSpan?)null;
        progress.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Read {lines} lines{(share is null ? "" : $" ({share * 100:F0} %)")}, {rate:F0} lines/s{(left is null ? "" : $", about {left.Value.TotalSeconds:F0} s left")}."
            )
        );
        progress.Flush();
    }

    public void Store()
    {
        if (clock.GetElapsedTime(_start) >= Interval)
        {
            progress.WriteLine($"Read all {_lines.ToInvariant()} lines; storing what has changed.");
            progress.Flush();
        }
    }
}

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
