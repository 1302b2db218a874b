using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Reads both ways of writing where a PostgreSQL database is.</summary>
internal static class PostgresAddress
{
    /// <summary>Npgsql's <c>Host=…;Database=…</c>, or libpq's <c>postgres://user:password@host:port/database?sslmode=require</c>.</summary>
    /// <exception cref="FormatException">The address can't be read.</exception>
    /// <exception cref="ArgumentException">A keyword or value is unknown to Npgsql.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        if (
            !text.StartsWith("postgres://", StringComparison.Ordinal)
            && !text.StartsWith("postgresql://", StringComparison.Ordinal)
        )
        {
            return new NpgsqlConnectionStringBuilder(text);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            throw new FormatException("it is no postgres:// address.");
        }

        var user = address.UserInfo.Split(':', 2);
        var result = new NpgsqlConnectionStringBuilder
        {
            Host = Uri.UnescapeDataString(address.Host),
            Port = address.Port > 0 ? address.Port : 5432,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0)
        {
            result.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            result.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var (name, value) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query))
        {
            result[KeywordOf(name)] =
                name == "sslmode" ? value.ToString().Replace("-", "", StringComparison.Ordinal) : value.ToString();
        }

        return result;
    }

    /// <summary>Libpq's names of the options that addresses commonly carry.</summary>
    private static string KeywordOf(string name) =>
        name switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "connect_timeout" => "Timeout",
            "application_name" => "Application Name",
            "options" => "Options",
            "target_session_attrs" => "Target Session Attributes",
            _ => name,
        };
}
