using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MarketsApi.Tests.Reliability;

/// <summary>A database as an earlier version left it, for tests of what a migration makes of it.</summary>
internal static class FormerDatabase
{
    /// <summary>A database with the tables from before this migration.</summary>
    public static async Task<TestDatabase> CreateAsync(string before)
    {
        var database = await TestDatabase.CreateAsync(migrated: false);
        await database.ExecuteAsync(
            "CREATE TABLE schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        );
        foreach (var migration in Migration.All().TakeWhile(file => string.CompareOrdinal(file.Name, before) < 0))
        {
            await database.ExecuteAsync(migration.Sql);
            await database.ExecuteAsync(
                "INSERT INTO schema_migrations (name, checksum) VALUES (@Name, @Checksum)",
                new { migration.Name, migration.Checksum }
            );
        }

        return database;
    }

    /// <summary>Applies what is missing, as the program does when it starts.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(this TestDatabase database, CancellationToken token)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        return await new Migrator(source, NullLogger<Migrator>.Instance).MigrateAsync(token);
    }
}
