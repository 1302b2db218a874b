using System.Globalization;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Reads the ways of writing where a PostgreSQL database is.</summary>
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

    /// <summary>Npgsql's <c>Host=…;Database=…</c>, libpq's <c>host=… dbname=…</c>, or its <c>postgres://user:password@host:port/database?sslmode=require</c>.</summary>
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
        if (LibpqKeywords.Read(text, IsOfLibpq) is { } pairs)
        {
            return Build(pairs.Select(pair => (pair.Name, pair.Value)), [("", "")]);
        }

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
        return Build(
            [
                ("user", Unescape(user)),
                ("password", Unescape(password)),
                ("dbname", Unescape(database)),
                .. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Parameter),
            ],
            hosts
        );
    }

    private static (string Name, string Value) Parameter(string text)
    {
        var (name, value) = Split(text, '=');
        return name.Length > 0 && name.Length < text.Length
            ? (Unescape(name), Unescape(value))
            : throw new FormatException("it has a parameter that is not in the form name=value.");
    }

    /// <remarks>In whatever order they come, as in libpq: the last host and the last port of each kind count.</remarks>
    private static NpgsqlConnectionStringBuilder Build(
        IEnumerable<(string Name, string Value)> parameters,
        List<(string Host, string Port)> hosts
    )
    {
        var result = new NpgsqlConnectionStringBuilder();
        var names = hosts.ConvertAll(host => host.Host);
        var ports = hosts.ConvertAll(host => host.Port);
        foreach (var (name, value) in parameters.Where(parameter => parameter.Value.Length > 0))
        {
            switch (name.ToLowerInvariant())
            {
                case "host" or "hostaddr":
                    names = [.. value.Split(',')];
                    break;
                case "port":
                    ports = [.. value.Split(',')];
                    break;
                default:
                    Set(result, name, value);
                    break;
            }
        }

        // One port is that of all hosts; a host beyond the last of several has the usual one.
        SetHosts(
            result,
            [.. names.Select((host, index) => (host, ports is [var one] ? one : ports.ElementAtOrDefault(index) ?? ""))]
        );
        return result;
    }

    private static bool IsOfLibpq(string name) =>
        name is "host" or "hostaddr" or "port" || Keywords.ContainsKey(name) || Ignored.Contains(name);

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
            return text.Contains(']', StringComparison.Ordinal)
                ? (address, port.TrimStart(':'))
                : throw new FormatException("it has an IPv6 address without its closing bracket.");
        }

        var (host, number) = Split(text, ':');
        return (Unescape(host), number);
    }

    /// <remarks>.NET leaves a percent sign as it is where no two digits follow; libpq rejects it, and it is mostly one of a password.</remarks>
    private static string Unescape(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (text.Length - at < 3 || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                throw new FormatException(
                    "it has a % without two hexadecimal digits behind it; write % itself as %25."
                );
            }
        }

        return Uri.UnescapeDataString(text);
    }

    /// <summary>What is in front of the first separator, and what is behind it.</summary>
    private static (string Before, string After) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }
}
