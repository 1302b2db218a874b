using System.Net;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.MigrateDatabase;

public sealed class MigrateDatabaseTests
{
    [Fact]
    public async Task Five_at_once_apply_each_migration_once_and_a_later_one_finds_nothing_to_do()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);

        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => MigrateAsync(database)));
        var (laterExitCode, later, _) = await MigrateAsync(database);

        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.Error)));
        Assert.Single(runs, run => run.Output.Contains("Applied 2026", StringComparison.Ordinal));
        Assert.Equal((0, "The database is up to date.\n"), (laterExitCode, later));
        var names = await database.QueryAsync<string>("SELECT name FROM schema_migrations");
        Assert.NotEmpty(names);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task Five_replicas_that_start_at_once_on_an_empty_database_all_serve()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        var replicas = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Replica(database))));
        try
        {
            foreach (var replica in replicas)
            {
                using var response = await replica.Client.GetAsync("/api/markets");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }

            Assert.Equal(
                (await database.QueryAsync<long>("SELECT count(DISTINCT checksum) FROM schema_migrations"))[0],
                (await database.QueryAsync<long>("SELECT count(*) FROM schema_migrations"))[0]
            );
        }
        finally
        {
            await Task.WhenAll(replicas.Select(replica => replica.DisposeAsync().AsTask()));
        }
    }

    private static LiveServer Replica(TestDatabase database) =>
        new(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", database.ConnectionString);
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            LogLines.Drop(builder);
        });

    [Fact]
    public async Task An_edited_migration_is_rejected_by_name_and_the_program_does_not_serve()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE schema_migrations SET checksum = 'of another text'");
        const string sentence =
            "migration 20261122_01_users_and_markets.sql was applied with different content; restore the file and write a new migration.";

        var (exitCode, output, error) = await MigrateAsync(database);
        var (servedCode, served, servedError) = await ProgramProcess.RunAsync(
            [],
            ("DATABASE_URL", database.ConnectionString)
        );

        Assert.Equal(1, exitCode);
        Assert.Equal($"The database's tables don't fit this program: {sentence}\n", error);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.Equal(1, servedCode);
        Assert.Contains(sentence, served, StringComparison.Ordinal);
        Assert.Equal(error, servedError);
    }

    [Fact]
    public async Task An_unavailable_database_is_reported_in_one_sentence()
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(
            ["migrate"],
            ("DATABASE_URL", "postgres://nobody:hunter2@127.0.0.1:1/nothing")
        );

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The database can't be used: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output + error, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> MigrateAsync(TestDatabase database) =>
        ProgramProcess.RunAsync(["migrate"], ("DATABASE_URL", database.ConnectionString));
}
