using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>The program as a role that may only read and write rows, made by the statements of docs/operations.md.</summary>
public sealed class DatabaseRoleTests
{
    private readonly string _role = $"app_{Guid.NewGuid():N}";
    private readonly User _alice = User.New();

    [Fact]
    public async Task Serves_reads_writes_and_jobs_without_the_right_to_change_tables()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        var owner = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await database.ExecuteAsync(Grants(owner.Username!));
        try
        {
            var migrated = await ProgramProcess.RunAsync(["migrate"], ("DATABASE_URL", database.ConnectionString));
            Assert.Equal(0, migrated.ExitCode);
            var app = new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Username = _role,
                Password = "change-me",
            };

            await ServeAsync(app.ConnectionString);

            await using var connection = new NpgsqlConnection(app.ConnectionString);
            await connection.OpenAsync(Cancel);
            foreach (var sql in (string[])["DROP TABLE markets", "CREATE TABLE mine (id int)", "TRUNCATE markets"])
            {
                await using var command = new NpgsqlCommand(sql, connection);
                var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancel));
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
            }
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {_role}; DROP ROLE {_role}");
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task ServeAsync(string connectionString)
    {
        await using var program = ProgramProcess.Start(
            [],
            ("DATABASE_URL", connectionString),
            ("Database__MigrateOnStart", "false")
        );
        await program.UntilAsync("/health/ready");

        var market = await SendAsync(
            program,
            HttpMethod.Post,
            "/api/markets",
            ApiFixture.NewMarket("Will roles do?"),
            201
        );
        var path = $"/api/markets/{market.GetProperty("data").Id()}";
        await SendAsync(program, HttpMethod.Patch, path, new { description = "They should." }, 200);
        await SendAsync(program, HttpMethod.Post, $"{path}/positions", new { outcome = "yes", stake = 5 }, 201);
        await SendAsync(program, HttpMethod.Get, $"{path}/history", null, 200);
        var draft = await SendAsync(
            program,
            HttpMethod.Post,
            "/api/markets",
            ApiFixture.NewMarket(status: "draft"),
            201
        );
        await SendAsync(program, HttpMethod.Delete, $"/api/markets/{draft.GetProperty("data").Id()}", null, 204);
        var found = await SendAsync(program, HttpMethod.Get, "/api/markets/search?q=roles", null, 200);
        Assert.Equal(1, found.GetProperty("data").GetArrayLength());
        var started = DateTime.UtcNow;
        while (!(await JobsAsync(program)).TrueForAll(state => state == "done"))
        {
            Assert.True(DateTime.UtcNow - started < TimeSpan.FromSeconds(60), program.Everything);
            await Task.Delay(50, Cancel);
        }

        Assert.DoesNotContain("permission denied", program.Everything, StringComparison.Ordinal);
    }

    private async Task<List<string>> JobsAsync(ProgramProcess program)
    {
        var jobs = await SendAsync(program, HttpMethod.Get, "/api/jobs?limit=100", null, 200, User.New("admin"));
        var states = jobs.GetProperty("data").EnumerateArray().Select(job => job.Text("state")!).ToList();
        Assert.NotEmpty(states);
        return states;
    }

    private async Task<JsonElement> SendAsync(
        ProgramProcess program,
        HttpMethod method,
        string path,
        object? body,
        int status,
        User? caller = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (caller ?? _alice).Token);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await program.Client.SendAsync(request, Cancel);
        Assert.True(
            status == (int)response.StatusCode,
            $"{method} {path}: {response.StatusCode}\n{program.Everything}"
        );
        return response.StatusCode == HttpStatusCode.NoContent
            ? default
            : await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    /// <summary>The statements of the documentation, for this test's roles.</summary>
    private string Grants(string owner) =>
        Markdown
            .Between("docs/operations.md", "roles")
            .Replace("```sql", "", StringComparison.Ordinal)
            .Replace("```", "", StringComparison.Ordinal)
            .Replace("FOR ROLE markets", $"FOR ROLE {owner}", StringComparison.Ordinal)
            .Replace("marketsapi", _role, StringComparison.Ordinal);
}
