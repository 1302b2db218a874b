using MarketsApi.Features.ImportMarkets;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

public sealed class ImportMarketsPlainReportTests
{
    [Fact]
    public void Reports_its_progress_every_few_seconds()
    {
        var clock = new Stopped();
        using var progress = new StringWriter { NewLine = "\n" };
        using var rejections = new StringWriter { NewLine = "\n" };
        var report = new ImportMarketsPlainReport(progress, rejections, clock);

        report.Advance(1_000, 0.1);
        clock.Seconds = 4;
        report.Advance(12_000, 0.25);
        report.Advance(12_500, 0.26);
        report.Reject(12_600, "name is missing.");
        clock.Seconds = 8;
        report.Advance(30_000, null);
        report.Store();

        Assert.Equal(
            """
            Read 12000 lines (25 %), 3000 lines/s, about 12 s left.
            Read 30000 lines, 3750 lines/s.
            Read all 30000 lines; storing what has changed.

            """,
            progress.ToString()
        );
        Assert.Equal("line 12600: name is missing.\n", rejections.ToString());
    }

    private sealed class Stopped : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
