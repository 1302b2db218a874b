using System.Globalization;

namespace MarketsApi.Features.ImportMarkets;

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
