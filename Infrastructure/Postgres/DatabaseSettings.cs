using System.ComponentModel.DataAnnotations;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>How the database is used; where it is stands in ConnectionStrings.</summary>
internal sealed class DatabaseSettings
{
    public const string Section = "Database";

    /// <summary>The longest that one statement may take, in seconds.</summary>
    [Range(1, 600)]
    public int CommandTimeoutSeconds { get; set; } = 10;

    /// <summary>The most connections that this process opens, unless the connection string says another number.</summary>
    [Range(1, 1_000)]
    public int MaxConnections { get; set; } = 30;

    /// <summary>The most statements of one caller's dear requests that run at the same time; for more than the database has processors, others' requests would wait.</summary>
    [Range(1, 1_000)]
    public int MaxDearPerCaller { get; set; } = 2;

    /// <summary>The longest that a request waits for a connection while all are in use, in milliseconds.</summary>
    [Range(1, 60_000)]
    public int MaxWaitMilliseconds { get; set; } = 1000;

    /// <summary>The most requests that wait for a connection at the same time.</summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; set; } = 1000;

    /// <summary>The longest that a read waits for the read replica to have all that the primary has, in milliseconds; then the primary serves the read.</summary>
    [Range(0, 5_000)]
    public int ReaderWaitMilliseconds { get; set; } = 50;

    /// <summary>Whether <c>serve</c> applies missing migrations before it serves requests; off where a separate step does it.</summary>
    public bool MigrateOnStart { get; set; } = true;
}
