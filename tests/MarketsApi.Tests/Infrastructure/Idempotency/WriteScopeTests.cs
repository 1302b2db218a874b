using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Idempotency;

public sealed class WriteScopeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Add = "INSERT INTO steps (name) VALUES (@Name)";
    private const string Select = "SELECT name FROM steps ORDER BY id";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_waits_is_sent_in_its_order_and_before_anything_that_could_see_it()
    {
        await api.Database.ExecuteAsync(
            "CREATE TABLE steps (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL)"
        );
        var database = api.Host.Services.GetRequiredService<Database>();
        await using var connection = await database.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var opening = new DatabaseTransaction.Opening(
            "INSERT INTO steps (name) VALUES (@Opening)",
            new { Opening = "opening" }
        );
        var scope = WriteScope.Enter(new DatabaseTransaction(transaction, 10, opening));

        await database.WriteAsync(Add, new { Name = "first" }, Token);
        await database.WriteAsync(Add, new { Name = "second" }, Token);
        var seen = await database.QueryAsync<string>(Select, null, Token);
        await database.WriteAsync(Add, new { Name = "third" }, Token);
        var others = await api.Database.QueryAsync<string>(Select);
        await scope.EndAsync("INSERT INTO steps (name) VALUES (@Ending); COMMIT", new { Ending = "ending" }, Token);
        WriteScope.Leave();

        Assert.Equal(["opening", "first", "second"], seen);
        Assert.Empty(others);
        Assert.Equal(["opening", "first", "second", "third", "ending"], await api.Database.QueryAsync<string>(Select));
    }

    [Fact]
    public async Task Nothing_runs_behind_an_opening_that_fails()
    {
        var database = api.Host.Services.GetRequiredService<Database>();
        await using var connection = await database.OpenAsync(Token);
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            var statements = new DatabaseTransaction(transaction, 10, new("SELECT 1 / @Zero", new { Zero = 0 }));
            WriteScope.Enter(statements);
            await database.WriteAsync("INSERT INTO nothing_of_the_kind VALUES (1)", null, Token);
            Assert.True(statements.IsStillToOpen);
            var failure = await Assert.ThrowsAsync<PostgresException>(() =>
                database.ExecuteAsync("INSERT INTO nothing_of_the_kind VALUES (2)", null, Token)
            );
            Assert.Equal(PostgresErrorCodes.DivisionByZero, failure.SqlState);
            WriteScope.Leave();
        }
    }
}
