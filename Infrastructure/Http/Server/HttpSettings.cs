using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>How much time and how many connections clients may take.</summary>
internal sealed class HttpSettings : ISettings
{
    public static string Section => "Http";

    /// <summary>The longest that a request may take, in seconds, from its headers to its answer.</summary>
    public int RequestTimeoutSeconds { get; set; } = 30;

    /// <summary>The longest that a client may take to send a request's headers, in seconds.</summary>
    public int HeaderTimeoutSeconds { get; set; } = 10;

    /// <summary>How long a connection is kept on which nothing is asked, in seconds.</summary>
    public int IdleTimeoutSeconds { get; set; } = 130;

    /// <summary>The least rate at which a client sends a body and takes an answer, in bytes a second.</summary>
    public int MinBytesPerSecond { get; set; } = 1000;

    /// <summary>For how long a client may be slower than that, in seconds.</summary>
    public int GraceSeconds { get; set; } = 5;

    /// <summary>The most connections of clients at the same time.</summary>
    public int MaxConnections { get; set; } = 10_000;

    public IEnumerable<string> Faults(IHostEnvironment environment) =>
        [
            .. Outside(nameof(RequestTimeoutSeconds), RequestTimeoutSeconds, 1, 3600),
            .. Outside(nameof(HeaderTimeoutSeconds), HeaderTimeoutSeconds, 1, 600),
            .. Outside(nameof(IdleTimeoutSeconds), IdleTimeoutSeconds, 1, 3600),
            .. Outside(nameof(MinBytesPerSecond), MinBytesPerSecond, 1, 1_000_000),
            // Kestrel looks once a second, and takes no less.
            .. Outside(nameof(GraceSeconds), GraceSeconds, 2, 600),
            .. Outside(nameof(MaxConnections), MaxConnections, 1, 1_000_000),
        ];

    private static IEnumerable<string> Outside(string name, int value, int least, int most) =>
        value < least || value > most ? [$"{Section}:{name} must be from {least} to {most}; it is {value}."] : [];
}
