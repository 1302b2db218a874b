using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

public sealed class RedisTests
{
    [Fact]
    public async Task Down_it_leaves_the_program_ready_but_degraded()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var program = await HostedProgram.StartAsync(
            ("ConnectionStrings__Postgres", database.ConnectionString),
            ("ConnectionStrings__Redis", "redis://127.0.0.1:1")
        );

        var health = await program.Client.GetStringAsync("/health/ready");
        Assert.Contains("\"status\":\"degraded\"", health, StringComparison.Ordinal);
        Assert.Contains("\"redis\":\"degraded\"", health, StringComparison.Ordinal);
        Assert.Contains("\"postgres\":\"healthy\"", health, StringComparison.Ordinal);
        using var markets = await program.Client.GetAsync("/api/markets");
        Assert.True(markets.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Without_the_database_of_its_address_it_is_not_used_and_the_log_says_why()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var program = ProgramProcess.Start(
            [],
            ("ConnectionStrings__Postgres", database.ConnectionString),
            ("ConnectionStrings__Redis", $"redis://127.0.0.1:{redis.Port}/99")
        );
        await program.UntilAsync("/health/ready");

        await Eventually.UntilAsync(
            () =>
                Task.FromResult(
                    program.Everything.Contains("Redis is not used for now: ", StringComparison.Ordinal)
                        && program.Everything.Contains("database does not exist", StringComparison.Ordinal)
                ),
            () => program.Everything
        );

        // It goes on without it.
        await Task.Delay(500, TestContext.Current.CancellationToken);
        using var markets = await program.Client.GetAsync("/api/markets");
        Assert.True(markets.IsSuccessStatusCode, program.Everything);
        Assert.Single(program.Output.Split('\n'), line => line.Contains("Redis is not used for now"));
    }

    [Fact]
    public async Task Up_it_is_healthy_once_it_comes()
    {
        var redis = Environment.GetEnvironmentVariable("TEST_REDIS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(redis),
            "TEST_REDIS is not set: ./test starts a Redis where redis-server is installed."
        );
        var parts = redis.Split(',')[0].Split(':');
        await using var proxy = new TcpProxy(parts[0], int.Parse(parts[1], null), open: false);
        await using var database = await TestDatabase.CreateAsync();
        await using var program = await HostedProgram.StartAsync(
            ("ConnectionStrings__Postgres", database.ConnectionString),
            ("ConnectionStrings__Redis", $"redis://127.0.0.1:{proxy.Port}")
        );

        proxy.Open();

        Assert.True(await BecomesHealthyAsync(program), "Redis is there and still reported as degraded");
    }

    [Fact]
    public async Task The_user_and_the_password_of_an_address_are_those_that_it_is_asked_as()
    {
        await using var redis = await RedisServer.StartAsync();
        var password = $"/{Guid.NewGuid():N}";
        Assert.Equal("+OK", await redis.RunAsync($"ACL SETUSER markets on >{password} ~* &* +@all"));
        Assert.Equal("+OK", await redis.RunAsync("ACL SETUSER default off"));
        await using var database = await TestDatabase.CreateAsync();
        await using var program = await HostedProgram.StartAsync(
            ("ConnectionStrings__Postgres", database.ConnectionString),
            ("ConnectionStrings__Redis", $"redis://markets:{Uri.EscapeDataString(password)}@127.0.0.1:{redis.Port}/3")
        );

        Assert.True(await BecomesHealthyAsync(program), "Redis is there and still reported as degraded");
    }

    private static async Task<bool> BecomesHealthyAsync(HostedProgram program)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var health = await program.Client.GetStringAsync("/health/ready");
            if (health.Contains("\"redis\":\"healthy\"", StringComparison.Ordinal))
            {
                return true;
            }

            await Task.Delay(100);
        }

        return false;
    }
}
