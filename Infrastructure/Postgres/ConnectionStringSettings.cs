using MarketsApi.Infrastructure.Redis;
using MarketsApi.Infrastructure.Settings;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Where the servers are that the program uses.</summary>
internal sealed class ConnectionStringSettings : ISettings
{
    public static string Section => "ConnectionStrings";

    /// <summary>The database: Npgsql's form, or a postgres:// address.</summary>
    public string? Postgres { get; set; }

    /// <summary>A read replica of it, or several, for lists and searches; optional.</summary>
    public string? PostgresReader { get; set; }

    /// <summary>A Redis server: host:port with options, or a redis:// address; optional.</summary>
    public string? Redis { get; set; }

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        if (string.IsNullOrEmpty(Postgres))
        {
            yield return "ConnectionStrings:Postgres (or DATABASE_URL) is not set: give the PostgreSQL database to use, such as postgres://user:password@host:5432/markets.";
        }
        else if (ErrorOf(Postgres) is { } fault)
        {
            yield return $"ConnectionStrings:Postgres (or DATABASE_URL) can't be read: {fault}";
        }

        if (!string.IsNullOrEmpty(PostgresReader) && ErrorOf(PostgresReader) is { } readerFault)
        {
            yield return $"ConnectionStrings:PostgresReader can't be read: {readerFault}";
        }

        if (!string.IsNullOrEmpty(Redis) && !IsRedisAddress(Redis))
        {
            yield return "ConnectionStrings:Redis (or REDIS_URL) can't be read: give host:port with options, or redis://user:password@host:6379.";
        }
    }

    private static bool IsRedisAddress(string text)
    {
        try
        {
            return RedisAddress.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <remarks>The text itself stays out of the message: it holds a password.</remarks>
    private static string? ErrorOf(string text)
    {
        try
        {
            return string.IsNullOrEmpty(PostgresAddress.Parse(text).Host) ? "it names no host." : null;
        }
        catch (ArgumentException exception) when (exception.ParamName is { Length: > 0 } keyword)
        {
            return new NpgsqlConnectionStringBuilder().ContainsKey(keyword)
                ? $"it has a wrong value for {keyword}."
                : "it has a keyword that Npgsql doesn't know; a password with a semicolon goes in quotes.";
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return exception.Message;
        }
    }
}
