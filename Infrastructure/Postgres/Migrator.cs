using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Brings the database's tables to what this program expects: each file once, in order, all or nothing.</summary>
/// <remarks>
/// A lock for the length of the transaction lets any number of processes start at once: one applies, the others then find nothing to do.
/// It is a transaction's lock, not a session's, so that it also holds behind a pooler that hands sessions around.
/// </remarks>
internal sealed partial class Migrator(NpgsqlDataSource source, ILogger<Migrator> logger)
{
    private const string Lock = "SELECT pg_advisory_xact_lock(@LockKey)";

    private const string CreateTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            name text PRIMARY KEY,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """;

    private const string TableExists = "SELECT to_regclass('schema_migrations') IS NOT NULL";

    private const string SelectApplied = "SELECT name, checksum FROM schema_migrations";

    private const string InsertApplied = "INSERT INTO schema_migrations (name, checksum) VALUES (@Name, @Checksum)";

    /// <summary>Applies what is missing.</summary>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="MigrationException">A file that was applied has been edited since.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await DatabaseRetries
            .ForMigrating()
            .ExecuteAsync(
                static async (source, token) => await source.OpenConnectionAsync(token),
                source,
                cancellationToken
            );
        if ((await MissingAsync(connection, cancellationToken)).Count == 0)
        {
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Command(Lock, new { LockKey = AdvisoryLocks.Migrate }, cancellationToken));
        await connection.ExecuteAsync(Command(CreateTable, null, cancellationToken));
        var missing = await MissingAsync(connection, cancellationToken);
        foreach (var migration in missing)
        {
            await connection.ExecuteAsync(Command(migration.Sql, null, cancellationToken));
            await connection.ExecuteAsync(Command(InsertApplied, migration, cancellationToken));
            LogApplied(migration.Name);
        }

        await transaction.CommitAsync(cancellationToken);
        // Types that the migrations created are unknown to connections that were open before.
        await connection.ReloadTypesAsync(cancellationToken);
        return [.. missing.Select(migration => migration.Name)];
    }

    /// <summary>Returns when nothing is missing.</summary>
    /// <exception cref="MigrationMissingException">A file has not been applied yet.</exception>
    public async Task RequireMigratedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await MissingAsync(connection, cancellationToken) is [var first, ..])
        {
            throw new MigrationMissingException($"migration {first.Name} has not been applied; run the verb migrate.");
        }
    }

    /// <remarks>Files of a newer program are ignored: while it is rolled out, the old one runs beside it.</remarks>
    private static async Task<List<Migration>> MissingAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var all = Migration.All();
        if (!await connection.ExecuteScalarAsync<bool>(Command(TableExists, null, cancellationToken)))
        {
            return [.. all];
        }

        var rows = await connection.QueryAsync<(string Name, string Checksum)>(
            Command(SelectApplied, null, cancellationToken)
        );
        var applied = rows.ToDictionary(row => row.Name, row => row.Checksum, StringComparer.Ordinal);
        foreach (var migration in all)
        {
            if (applied.TryGetValue(migration.Name, out var checksum) && checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"migration {migration.Name} was applied with different content; restore the file and write a new migration."
                );
            }
        }

        return [.. all.Where(migration => !applied.ContainsKey(migration.Name))];
    }

    /// <remarks>No time limit: an index over a large table takes what it takes.</remarks>
    private static CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {migration}")]
    private partial void LogApplied(string migration);
}

/// <summary>One SQL file that is applied once, embedded in the program.</summary>
/// <param name="Name">The file's name; the order of names is the order of application.</param>
/// <param name="Sql">Its text.</param>
internal sealed partial record Migration(string Name, string Sql)
{
    /// <summary>SHA-256 of the text with line ends made equal, in hexadecimal.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>All migrations of the program, in order.</summary>
    /// <exception cref="MigrationException">A file's name has no place in the order.</exception>
    public static IReadOnlyList<Migration> All()
    {
        var assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    Demand(name);
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return new Migration(name, reader.ReadToEnd());
                }),
        ];
    }

    /// <summary>Rejects a name that says nothing about the order.</summary>
    /// <exception cref="MigrationException">It doesn't begin with a day and a number.</exception>
    internal static void Demand(string name)
    {
        if (!NameForm().IsMatch(name))
        {
            throw new MigrationException(
                $"migration {name} is named wrongly: migrations are applied in the order of their names, so name it by day, number and content, like 20270131_01_ratings.sql."
            );
        }
    }

    [GeneratedRegex(@"^\d{8}_\d{2}_[a-z0-9_]+\.sql\z")]
    private static partial Regex NameForm();
}

/// <summary>The migrations of this program and those that the database has seen don't fit together.</summary>
internal class MigrationException(string message) : Exception(message);

/// <summary>The database lacks a migration that this process may not apply itself.</summary>
internal sealed class MigrationMissingException(string message) : MigrationException(message);
