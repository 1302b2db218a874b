using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.ImportMarkets;

/// <summary>An import beside a running program that has cached the earlier markets.</summary>
public sealed class ImportMarketsCacheTests
{
    [Fact]
    public async Task Makes_a_running_program_drop_what_it_has_cached()
    {
        var redis = Environment.GetEnvironmentVariable("TEST_REDIS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(redis),
            "TEST_REDIS is not set: ./test starts a Redis where redis-server is installed."
        );
        await using var database = await TestDatabase.CreateAsync();
        (string, string?)[] settings =
        [
            ("ConnectionStrings__Postgres", database.ConnectionString),
            ("ConnectionStrings__Redis", redis),
            ("Caching__MemorySeconds", "600"),
            ("Caching__ListSeconds", "600"),
        ];
        await ImportAsync(settings, "Will it be cached?");
        await using var program = await HostedProgram.StartAsync(settings);
        var id = Assert.Single(await database.QueryAsync<Guid>("SELECT id FROM markets"));
        string[] paths = [$"/api/markets/{id}", "/api/markets"];
        foreach (var path in paths)
        {
            await UntilCachedAsync(program, path);
        }

        await ImportAsync(settings, "Will it be forgotten?");

        foreach (var path in paths)
        {
            // The message is under way for a moment: an import doesn't wait for those who hear it.
            var tries = 0;
            while (
                !(await program.Client.GetStringAsync(path)).Contains("Will it be forgotten?", StringComparison.Ordinal)
            )
            {
                Assert.True(++tries < 100, $"{path} still shows what was before the import");
                await Task.Delay(20);
            }
        }
    }

    private static async Task UntilCachedAsync(HostedProgram program, string path)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            using var response = await program.Client.GetAsync(path);
            if (
                response.Headers.TryGetValues("Cache-Status", out var status)
                && status.First().Contains("hit", StringComparison.Ordinal)
            )
            {
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail($"{path} was never cached");
    }

    private static async Task ImportAsync((string, string?)[] settings, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        try
        {
            await File.WriteAllTextAsync(
                path,
                $$"""{"externalId":"1","source":"test","name":"{{name}}","endsAt":"2099-01-01T00:00:00Z"}""" + "\n"
            );
            var (code, output, error) = await ProgramProcess.RunAsync(["import", path], settings);
            Assert.True(code == 0 && error.Length == 0, output + error);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
