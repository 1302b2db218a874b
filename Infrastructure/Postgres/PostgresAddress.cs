using System.Globalization;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Reads both ways of writing where a PostgreSQL database is.</summary>
internal static class PostgresAddress
{
    /// <summary>Libpq's parameters that Npgsql has under another name.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["require_auth"] = "Require Auth",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
        ["keepalives"] = "TCP Keepalive",
        ["keepalives_idle"] = "TCP Keepalive Time",
        ["keepalives_interval"] = "TCP Keepalive Interval",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["load_balance_hosts"] = "Load Balance Hosts",
    };

    private const string Escaping = "write special characters of the password as %3F, %40, %2F and so on.";

    /// <summary>Libpq's parameters that Npgsql has nothing for, and that change nothing that the program relies on.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "client_encoding", // Npgsql speaks UTF-8 only.
        "fallback_application_name",
        "gssdelegation",
        "gsslib",
        "keepalives_count",
        "sslcompression",
        "sslsni",
        "tcp_user_timeout",
    };

    /// <summary>Npgsql's <c>Host=…;Database=…</c>, or libpq's <c>postgres://user:password@host:port/database?sslmode=require</c>.</summary>
    /// <exception cref="FormatException">The address can't be read; the message says what "it" has, and nothing that may be a password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var url =
            text.StartsWith("postgres://", StringComparison.Ordinal) ? text["postgres://".Length..]
            : text.StartsWith("postgresql://", StringComparison.Ordinal) ? text["postgresql://".Length..]
            : null;
        var result = url is null ? ParseKeywords(text) : ParseUrl(url);
        return string.IsNullOrEmpty(result.Host) ? throw new FormatException("it names no host.") : result;
    }

    private static NpgsqlConnectionStringBuilder ParseKeywords(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException exception) when (exception.ParamName is { Length: > 0 } keyword)
        {
            throw new FormatException(
                new NpgsqlConnectionStringBuilder().ContainsKey(keyword)
                    ? $"it has a wrong value for {keyword}."
                    : "it has a keyword that Npgsql doesn't know; a password with a semicolon goes in quotes."
            );
        }
        catch (ArgumentException)
        {
            throw new FormatException("it is neither a postgres:// URL nor in the form Host=…;Database=….");
        }
    }

    /// <remarks>By hand, since a <see cref="Uri"/> can't have several hosts, or none.</remarks>
    private static NpgsqlConnectionStringBuilder ParseUrl(string text)
    {
        var (address, query) = Split(text, '?');
        if (query.Contains('@', StringComparison.Ordinal))
        {
            throw new FormatException($"it has an @ behind a question mark; {Escaping}");
        }

        var (authority, database) = Split(address, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Split(authority[..Math.Max(at, 0)], ':');
        var hosts = authority[(at + 1)..].Split(',').Select(SplitPort).ToList();
        var result = new NpgsqlConnectionStringBuilder();
        var parameters = query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => Split(parameter, '='))
            .Select(parameter => (Uri.UnescapeDataString(parameter.Before), parameter.After))
            .Prepend(("dbname", database))
            .Prepend(("password", password))
            .Prepend(("user", user));
        foreach (var (name, escaped) in parameters)
        {
            var value = Uri.UnescapeDataString(escaped);
            if (value.Length == 0)
            {
                continue;
            }

            switch (name)
            {
                case "host" or "hostaddr":
                    var ports = hosts.Select(host => host.Port).ToList();
                    hosts =
                    [
                        .. value.Split(',').Select((host, index) => (host, ports.ElementAtOrDefault(index) ?? "")),
                    ];
                    break;
                case "port":
                    var each = value.Split(',');
                    hosts = [.. hosts.Select((host, index) => (host.Host, each[Math.Min(index, each.Length - 1)]))];
                    break;
                default:
                    Set(result, name, value);
                    break;
            }
        }

        SetHosts(result, hosts);
        return result;
    }

    private static void Set(NpgsqlConnectionStringBuilder result, string name, string value)
    {
        if (Ignored.Contains(name) || (name, value) is ("sslrootcert", "system"))
        {
            return;
        }

        var keyword = Keywords.GetValueOrDefault(name, name);
        if (!result.ContainsKey(keyword))
        {
            throw new FormatException(
                $"it has the unknown parameter {name}; it can have those of PostgreSQL's own clients (libpq), such as sslmode, and Npgsql's keywords."
            );
        }

        try
        {
            result[keyword] = name switch
            {
                "sslmode" => value.Replace("-", "", StringComparison.Ordinal),
                "keepalives" => value != "0",
                "load_balance_hosts" => value == "random",
                _ => value,
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException($"it has a wrong value for {name}.");
        }
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder result, List<(string Host, string Port)> hosts)
    {
        foreach (var (_, port) in hosts)
        {
            if (
                port.Length > 0
                && !(
                    ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                )
            )
            {
                throw new FormatException($"it has a port that is not a number from 1 to 65535; {Escaping}");
            }
        }

        if (hosts is [var (host, onlyPort)])
        {
            result.Host = host;
            if (onlyPort.Length > 0)
            {
                result.Port = int.Parse(onlyPort, CultureInfo.InvariantCulture);
            }

            // With one host there is nothing to choose, and Npgsql rejects what libpq allows.
            result.Remove("Target Session Attributes");
            return;
        }

        result.Host = string.Join(
            ',',
            hosts.Select(one =>
                one.Port.Length == 0 ? one.Host
                : one.Host.Contains(':', StringComparison.Ordinal) ? $"[{one.Host}]:{one.Port}"
                : $"{one.Host}:{one.Port}"
            )
        );
    }

    /// <summary>A host and its port: <c>db:5432</c>, <c>[::1]:5432</c>.</summary>
    private static (string Host, string Port) SplitPort(string text)
    {
        if (text.StartsWith('['))
        {
            var (address, port) = Split(text[1..], ']');
            return (address, port.TrimStart(':'));
        }

        var (host, number) = Split(text, ':');
        return (Uri.UnescapeDataString(host), number);
    }

    /// <summary>What is in front of the first separator, and what is behind it.</summary>
    private static (string Before, string After) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }

    /// <summary>Rejects, with a sentence, what the program can't connect with.</summary>
    internal sealed class Validator : IValidateOptions<ConnectionStringSettings>
    {
        /// <summary>Keywords that name files.</summary>
        private static readonly string[] Files = ["SSL Certificate", "SSL Key", "Root Certificate", "Passfile"];

        public ValidateOptionsResult Validate(string? name, ConnectionStringSettings options)
        {
            var problems = new List<string>();
            if (string.IsNullOrEmpty(options.Postgres))
            {
                problems.Add(
                    "ConnectionStrings:Postgres (or DATABASE_URL) is not set: give the PostgreSQL database to use, such as postgres://user:password@host:5432/database."
                );
            }
            else if (ProblemOf(options.Postgres) is { } problem)
            {
                problems.Add($"ConnectionStrings:Postgres (or DATABASE_URL) can't be used: {problem}");
            }

            if (!string.IsNullOrEmpty(options.PostgresReader) && ProblemOf(options.PostgresReader) is { } ofReader)
            {
                problems.Add($"ConnectionStrings:PostgresReader can't be used: {ofReader}");
            }

            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static string? ProblemOf(string text)
        {
            try
            {
                var address = Parse(text);
                foreach (var keyword in Files)
                {
                    if (
                        address.TryGetValue(keyword, out var path)
                        && path is string { Length: > 0 }
                        && !File.Exists((string)path)
                    )
                    {
                        return $"the file that it names as {keyword} doesn't exist.";
                    }
                }

                using var source = new NpgsqlDataSourceBuilder(address.ConnectionString).Build();
                return null;
            }
            catch (FormatException exception)
            {
                return exception.Message;
            }
            catch (Exception exception)
                when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
            {
                return exception.Message.Split('\n')[0].TrimEnd('.') + ".";
            }
        }
    }
}
