using System.Text;
using MarketsApi.Features.ImportMarkets;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

public sealed class ImportMarketsLinesTests
{
    [Fact]
    public async Task Numbers_lines_as_editors_do_and_leaves_blank_ones_out() =>
        Assert.Equal(["1:a", "3:b\r", "6:c"], await ReadAsync("\uFEFFa\n\nb\r\n \t\r\n\nc"));

    [Fact]
    public async Task Finds_nothing_in_an_empty_file() => Assert.Empty(await ReadAsync(""));

    [Fact]
    public async Task Skips_a_line_that_is_too_long_without_keeping_it()
    {
        var tooLong = new string('x', 5 * ImportMarketsText.MaxBytes);
        var atMost = new string('y', ImportMarketsText.MaxBytes);

        var lines = await ReadAsync($"a\n{tooLong}\nb\n{atMost}\n{atMost}y\nc");

        Assert.Equal(["1:a", "2:too long", "3:b", "4:" + atMost, "5:too long", "6:c"], lines);
    }

    [Fact]
    public async Task Cuts_at_line_breaks_wherever_the_stream_pauses()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => new string('z', i % 100 + 1)).ToList();

        var read = await ReadAsync(string.Join('\n', lines));

        Assert.Equal(lines.Select((line, i) => $"{i + 1}:{line}"), read);
    }

    private static async Task<List<string>> ReadAsync(string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        var lines = new List<string>();
        await foreach (var line in ImportMarketsLines.ReadAsync(stream, false, TestContext.Current.CancellationToken))
        {
            lines.Add($"{line.Number}:{(line.IsTooLong ? "too long" : Encoding.UTF8.GetString(line.Json.Span))}");
        }

        return lines;
    }
}
