using System.IO.Compression;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>Packed files: all of what they hold is imported, or nothing.</summary>
public sealed class ImportMarketsFileTests : IAsyncLifetime
{
    private const string Line =
        """{"externalId":"s:1","source":"s","name":"Will it happen?","volume":10.5,"createdAt":null,"endsAt":"2030-01-01T00:00:00Z"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("import-");
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("markets.jsonl.gz")]
    [InlineData("markets")]
    public async Task Unpacks_gzip_whatever_the_file_is_called(string name)
    {
        var result = await Verb.RunAsync(_database.ConnectionString, "import", Packed(name, Line));

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal([1], await _database.QueryAsync<int>("SELECT count(*)::int FROM markets"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public async Task Imports_nothing_of_a_gzip_file_that_was_cut_off(double share)
    {
        var path = Packed("cut.gz", [.. Enumerable.Range(0, 5000).Select(LineOf)]);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(
            path,
            bytes[..(int)(bytes.Length * share)],
            TestContext.Current.CancellationToken
        );

        var result = await Verb.RunAsync(_database.ConnectionString, "import", path);

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith(
            $"{path} is damaged: it has data that is not gzip, or a wrong length or checksum. Nothing was imported.\n",
            result.Errors,
            StringComparison.Ordinal
        );
        Assert.Equal([0], await _database.QueryAsync<int>("SELECT count(*)::int FROM markets"));
    }

    [Theory]
    [InlineData("a line break")]
    [InlineData("text")]
    [InlineData("zeros and another gzip file")]
    [InlineData("the beginning of another gzip file")]
    [InlineData("a wrong checksum")]
    public async Task Imports_nothing_of_a_gzip_file_that_does_not_end_where_its_data_ends(string what)
    {
        var packed = await File.ReadAllBytesAsync(Packed("good.gz", Line));
        byte[] content = what switch
        {
            "a line break" => [.. packed, (byte)'\n'],
            "text" => [.. packed, .. Encoding.UTF8.GetBytes(Line)],
            "zeros and another gzip file" => [.. packed, .. new byte[512], .. packed],
            "the beginning of another gzip file" => [.. packed, 0x1F, 0x8B],
            _ => [.. packed[..^8], (byte)(packed[^8] ^ 1), .. packed[^7..]],
        };
        var path = Path.Combine(_folder.FullName, "markets.gz");
        await File.WriteAllBytesAsync(path, content);

        var result = await Verb.RunAsync(_database.ConnectionString, "import", path);

        Assert.Equal(
            (
                1,
                $"{path} is damaged: it has data that is not gzip, or a wrong length or checksum. Nothing was imported.\n"
            ),
            (result.ExitCode, result.Errors)
        );
        Assert.Equal([0], await _database.QueryAsync<int>("SELECT count(*)::int FROM markets"));
    }

    [Fact]
    public async Task Imports_all_members_of_a_gzip_file()
    {
        byte[] content =
        [
            .. await File.ReadAllBytesAsync(Packed("1.gz", Line, "")),
            .. await File.ReadAllBytesAsync(Packed("2.gz", Line.Replace("s:1", "s:2", StringComparison.Ordinal))),
        ];
        var path = Path.Combine(_folder.FullName, "markets.gz");
        await File.WriteAllBytesAsync(path, content);

        var result = await Verb.RunAsync(_database.ConnectionString, "import", path);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal([2], await _database.QueryAsync<int>("SELECT count(*)::int FROM markets"));
    }

    private string Packed(string name, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return path;
    }

    private static string LineOf(int number) =>
        $$"""{"externalId":"{{number}}","source":"s","name":"Will number {{number}} come up?","creator":"c{{number % 50}}","volume":{{number}}}""";
}
