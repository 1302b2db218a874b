namespace MarketsApi.Infrastructure.Settings;

/// <summary>Where the servers are that the program uses; the folders that connect to them check what is given here.</summary>
internal sealed class ConnectionStringSettings
{
    public const string Section = "ConnectionStrings";

    /// <summary>The database: Npgsql's form, or a postgres:// address.</summary>
    public string? Postgres { get; set; }

    /// <summary>A read replica of it, or several, for lists and searches; optional.</summary>
    public string? PostgresReader { get; set; }

    /// <summary>A Redis server: host:port with options, or a redis:// address; optional.</summary>
    public string? Redis { get; set; }
}
