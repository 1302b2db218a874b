using System.ComponentModel.DataAnnotations;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>How much time and how many connections clients may take.</summary>
internal sealed class HttpSettings
{
    public const string Section = "Http";

    /// <summary>The longest that a request may take, in seconds, from its headers to its response.</summary>
    [Range(1, 3_600)]
    public int RequestTimeoutSeconds { get; set; } = 30;

    /// <summary>The longest that a client may take to send a request's headers, in seconds.</summary>
    [Range(1, 600)]
    public int HeaderTimeoutSeconds { get; set; } = 10;

    /// <summary>How long an idle connection stays open, in seconds.</summary>
    [Range(1, 3_600)]
    public int IdleTimeoutSeconds { get; set; } = 130;

    /// <summary>The lowest rate at which a client must send a body and read a response, in bytes a second.</summary>
    [Range(1, 1_000_000)]
    public int MinBytesPerSecond { get; set; } = 1000;

    /// <summary>For how long a client may be slower than that, in seconds.</summary>
    // Kestrel measures once a second, and takes no less.
    [Range(2, 600)]
    public int GraceSeconds { get; set; } = 5;

    /// <summary>The most connections of clients at the same time; null for as many as there is memory for.</summary>
    [Range(1, 1_000_000)]
    public int? MaxConnections { get; set; }

    /// <summary>The same where it isn't set: 10,000, or one for each 192 KiB of memory if that is fewer.</summary>
    /// <remarks>A connection with the headers of a request half sent was measured to take up to 117 KB: the rest of the memory is the program's.</remarks>
    public int MaxConnectionsOr(long memoryBytes) =>
        MaxConnections ?? (int)Math.Clamp(memoryBytes / (192 * 1024), 100, 10_000);
}
