using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>How the database is used; where it is stands in ConnectionStrings.</summary>
internal sealed class DatabaseSettings : ISettings
{
    public static string Section => "Database";

    /// <summary>The longest that one statement may take, in seconds.</summary>
    public int CommandTimeoutSeconds { get; set; } = 10;

    /// <summary>The most connections that this process opens, unless the connection string says another number.</summary>
    public int MaxConnections { get; set; } = 30;

    /// <summary>The longest that a request waits for a connection while all are in use, in milliseconds.</summary>
    public int MaxWaitMilliseconds { get; set; } = 1000;

    /// <summary>The most requests that wait for a connection at the same time.</summary>
    public int MaxWaiting { get; set; } = 1000;

    /// <summary>The longest that a read waits for the read replica to have all that the primary has, in milliseconds; then the primary answers.</summary>
    public int ReaderWaitMilliseconds { get; set; } = 50;

    /// <summary>Whether <c>serve</c> applies missing migrations before it answers; off where a step of its own does it.</summary>
    public bool MigrateOnStart { get; set; } = true;

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        if (CommandTimeoutSeconds is < 1 or > 600)
        {
            yield return $"Database:CommandTimeoutSeconds must be from 1 to 600; it is {CommandTimeoutSeconds}.";
        }

        if (MaxConnections is < 1 or > 1000)
        {
            yield return $"Database:MaxConnections must be from 1 to 1000; it is {MaxConnections}.";
        }

        if (MaxWaitMilliseconds is < 1 or > 60_000)
        {
            yield return $"Database:MaxWaitMilliseconds must be from 1 to 60000; it is {MaxWaitMilliseconds}.";
        }

        if (MaxWaiting is < 0 or > 100_000)
        {
            yield return $"Database:MaxWaiting must be from 0 to 100000; it is {MaxWaiting}.";
        }

        if (ReaderWaitMilliseconds is < 0 or > 5_000)
        {
            yield return $"Database:ReaderWaitMilliseconds must be from 0 to 5000; it is {ReaderWaitMilliseconds}.";
        }
    }
}
