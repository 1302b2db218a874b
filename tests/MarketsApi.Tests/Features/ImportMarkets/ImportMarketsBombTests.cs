using System.Text.Json;
using System.Text.Json.Nodes;
using MarketsApi.Features.ImportMarkets;
using MarketsApi.Infrastructure.Http.Json;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>Lines that are made to be expensive.</summary>
public sealed class ImportMarketsBombTests
{
    /// <summary>A line of the largest size, all of it marks that normalizing would have to sort.</summary>
    [Theory]
    [InlineData("name", false)]
    [InlineData("description", false)]
    [InlineData("source", false)]
    [InlineData("externalId", false)]
    [InlineData("creator", true)]
    [InlineData("category", true)]
    public void Is_done_quickly_with_a_line_of_combining_marks(string member, bool passes)
    {
        string[] marks = ["\u0345", "\u035d", "\u0315", "\u0301", "\u0316", "\u031b", "\u0327", "\u0334"];
        var each = (ImportMarketsText.MaxBytes - 200) / 2 / marks.Length;
        var text = "a" + string.Concat(marks.Select(mark => string.Concat(Enumerable.Repeat(mark, each))));
        var line = new JsonObject
        {
            ["source"] = "s",
            ["externalId"] = "1",
            ["name"] = "abc",
        };
        line[member] = text;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, JsonSettings.Wire);
        Assert.Equal(passes, Parse() is null);

        // It took 3.8 s for a sixteenth of this line.
        var before = ThreadTime();
        Assert.Equal(passes, Parse() is null);
        Assert.InRange((ThreadTime() - before).TotalMilliseconds, 0, 50);

        string? Parse() =>
            new ImportMarketsParser(new ImportMarketsValidator(), DateTime.UtcNow).Parse(
                new ImportMarketsText(1, bytes, false),
                out _
            );

        // Processor time, since other tests run beside this one.
        static TimeSpan ThreadTime() =>
            TimeSpan.FromMicroseconds(
                long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], null) / 1_000
            );
    }
}
