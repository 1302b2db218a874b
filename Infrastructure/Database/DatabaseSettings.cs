using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Database;

/// <summary>How the database is used; where it is stands in ConnectionStrings.</summary>
internal sealed class DatabaseSettings : ISettings
{
    public static string Section => "Database";

    /// <summary>The longest that one statement may take, in seconds.</summary>
    public int CommandTimeoutSeconds { get; set; } = 10;

    /// <summary>The most connections that this process opens, unless the connection string says another number.</summary>
    public int MaxConnections { get; set; } = 30;

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
    }
}
