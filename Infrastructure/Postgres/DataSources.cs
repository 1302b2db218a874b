using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Settings;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Creates the connection pools, all with the same options.</summary>
internal static class DataSources
{
    /// <summary>
    /// What each connection sets for itself. Generic plans, since every statement here has the right one and planning it again costs as
    /// much as running it; index reads priced for solid-state disks; no just-in-time compilation, which costs more than these queries; no
    /// parallel workers, with which one statement would take three processors from the statements of others.
    /// </summary>
    internal const string SessionOptions =
        "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0";

    /// <summary>The pool that everything uses.</summary>
    public static NpgsqlDataSource CreatePrimary(IServiceProvider services) =>
        Create(
            services,
            "postgres",
            PostgresAddress.Parse(services.GetRequiredService<ConnectionStringSettings>().Postgres!)
        );

    /// <summary>The pool of the read replica, or of several; null where none is configured.</summary>
    public static NpgsqlDataSource? CreateReader(IServiceProvider services)
    {
        if (services.GetRequiredService<ConnectionStringSettings>().PostgresReader is not { Length: > 0 } text)
        {
            return null;
        }

        var address = PostgresAddress.Parse(text);
        if (address.Host!.Contains(',', StringComparison.Ordinal))
        {
            // Standbys in turn; the primary only while no standby is available. A server that was unavailable is tried again after a second.
            SetUnlessGiven(
                address,
                ("Target Session Attributes", "prefer-standby"),
                ("Load Balance Hosts", true),
                ("Host Recheck Seconds", 1)
            );
        }

        // A read that waits for an unresponsive standby can go to the primary instead.
        SetUnlessGiven(address, ("Timeout", 2), ("Cancellation Timeout", 500));
        return Create(services, "postgres-reader", address);
    }

    private static NpgsqlDataSource Create(
        IServiceProvider services,
        string name,
        NpgsqlConnectionStringBuilder address
    )
    {
        var settings = services.GetRequiredService<DatabaseSettings>();
        SetUnlessGiven(
            address,
            ("Application Name", "MarketsApi"),
            ("Maximum Pool Size", settings.MaxConnections),
            ("Timeout", 5),
            ("Command Timeout", settings.CommandTimeoutSeconds),
            ("Max Auto Prepare", 200),
            ("Auto Prepare Min Usages", 2),
            // Nothing here leaves a connection changed, and resetting it is seven statements before each one of ours.
            ("No Reset On Close", true),
            ("Options", SessionOptions),
            // Encryption by Kerberos is for those who ask for it: looking for it costs each new connection, and its libraries a megabyte.
            ("GSS Encryption Mode", "Disable")
        );
        var source = new NpgsqlDataSourceBuilder(address.ConnectionString);
        source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        // Metrics and spans would otherwise carry the whole connection string as the pool's name.
        source.Name = name;
        source.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandSpanNameProvider(command => QuerySummary.Of(command.CommandText))
                .EnableFirstResponseEvent(false)
        );
        return source.Build();
    }

    private static void SetUnlessGiven(
        NpgsqlConnectionStringBuilder address,
        params ReadOnlySpan<(string Keyword, object Value)> defaults
    )
    {
        var given = new HashSet<string>(address.Keys.Cast<string>(), StringComparer.OrdinalIgnoreCase);
        foreach (var (keyword, value) in defaults)
        {
            if (!given.Contains(keyword))
            {
                address[keyword] = value;
            }
        }
    }
}

/// <summary>What a statement does, in few words, as the name of its span: what it writes, or else where it reads first.</summary>
internal static partial class QuerySummary
{
    /// <summary>By text: statements are constants, and there are not many.</summary>
    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);

    /// <summary>Such as <c>INSERT users INSERT jobs</c>, or <c>SELECT users</c>; null where neither is found.</summary>
    public static string? Of(string sql) => Known.GetOrAdd(sql, Summarize);

    private static string? Summarize(string sql)
    {
        var writes = Writes()
            .Matches(sql)
            .Select(match => $"{match.Groups["verb"].Value} {match.Groups["table"].Value}");
        var summary = string.Join(' ', writes);
        return summary.Length > 0 ? summary
            : Read().Match(sql) is { Success: true } read ? $"SELECT {read.Groups["table"].Value}"
            : null;
    }

    [GeneratedRegex(
        @"\b(?:(?<verb>INSERT) INTO|(?<verb>DELETE) FROM|(?<!DO |KEY |FOR )(?<verb>UPDATE)) (?!SET\b)(?<table>\w+)"
    )]
    private static partial Regex Writes();

    [GeneratedRegex(@"\bFROM (?<table>\w+)\b(?!\()")]
    private static partial Regex Read();
}
