using System.IO.Compression;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>The file to import, unpacked on the way when it is a gzip file (RFC 1952).</summary>
internal sealed class ImportMarketsFile : IAsyncDisposable
{
    private readonly FileStream _file;

    /// <remarks>Without it the runtime takes a file that was cut off for a complete one.</remarks>
    static ImportMarketsFile() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    private ImportMarketsFile(FileStream file, bool isPacked)
    {
        _file = file;
        IsPacked = isPacked;
        Content = isPacked ? new GZipStream(new ImportMarketsEndMark(file), CompressionMode.Decompress) : (Stream)file;
    }

    /// <summary>Whether it is a gzip file; its content then ends with <see cref="ImportMarketsEndMark.Line"/>.</summary>
    public bool IsPacked { get; }

    /// <summary>The lines' bytes.</summary>
    public Stream Content { get; }

    /// <summary>How much of the file has been read, from 0 to 1; null when its size isn't known, as of a pipe.</summary>
    public double? ShareRead =>
        !_file.CanSeek ? null
        : _file.Length == 0 ? 1
        : (double)_file.Position / _file.Length;

    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened, or is a directory.</exception>
    public static ImportMarketsFile Open(string path)
    {
        var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 65_536,
            FileOptions.SequentialScan
        );
        return new ImportMarketsFile(file, IsGzip(file));
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        await _file.DisposeAsync();
    }

    /// <summary>Recognizes a file by its first bytes or, where these can't be read twice, by its name.</summary>
    private static bool IsGzip(FileStream file)
    {
        if (file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || !file.CanSeek)
        {
            return file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        }

        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }
}
