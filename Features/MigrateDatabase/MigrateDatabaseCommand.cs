using System.CommandLine;
using MarketsApi.Infrastructure.CommandLine;

namespace MarketsApi.Features.MigrateDatabase;

/// <summary>The verb that brings the database's tables up to date.</summary>
internal sealed class MigrateDatabaseCommand(Lazy<Migrator> migrator) : IVerb
{
    public Command Describe()
    {
        var command = new Command(
            "migrate",
            "Create or update the database's tables. Safe to run at any time and several times at once."
        );
        command.SetAction(
            async (_, cancellationToken) =>
            {
                var applied = await migrator.Value.MigrateAsync(cancellationToken);
                Console.WriteLine(
                    applied.Count == 0 ? "The database is up to date." : $"Applied {string.Join(", ", applied)}."
                );
                return 0;
            }
        );
        return command;
    }
}
