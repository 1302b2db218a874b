using System.CommandLine;
using System.Globalization;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.CommandLine;

namespace MarketsApi.Features.SeedMarkets;

/// <summary>The verb that fills a database with generated markets, users and positions, always the same ones.</summary>
internal sealed class SeedMarketsCommand(
    Lazy<Database> database,
    Lazy<Migrator> migrator,
    Lazy<ItemCache> cache,
    TimeProvider clock
) : IVerb
{
    private const int DefaultCount = 3000;
    private const int MaxCount = 2_000_000;

    public Command Describe()
    {
        var count = new Option<int>("--count")
        {
            Description = "The number of generated markets that the database will have, from 1 to 2000000.",
            DefaultValueFactory = _ => DefaultCount,
        };
        count.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: var text }]
                && int.TryParse(text, out var number)
                && number is < 1 or > MaxCount
            )
            {
                result.AddError("--count must be from 1 to 2000000.");
            }
        });
        var command = new Command(
            "seed",
            "Fill the database with generated markets, users and positions. The same number again adds nothing; a larger number adds the difference."
        )
        {
            count,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(count), cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        try
        {
            await migrator.Value.RequireMigratedAsync(cancellationToken);
            var loader = new SeedMarketsLoader(database.Value, clock.GetStoredNow());
            SeedMarketsResult result;
            try
            {
                result = await loader.LoadAsync(count, cancellationToken);
            }
            finally
            {
                if (loader.HasBegunToCommit)
                {
                    await cache.Value.ForgetAllMarketsAsync();
                }
            }

            await LoadedMarkets.RefreshAsync(token => loader.RefreshAsync(result, token), cancellationToken);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Seeded {result.Markets} markets, {result.Users} users, {result.Positions} positions in {clock.GetElapsedTime(start).TotalSeconds:F1} s."
                )
            );
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was seeded.");
            return 1;
        }
    }
}
