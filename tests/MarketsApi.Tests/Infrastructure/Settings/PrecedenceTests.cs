using System.Net;
using System.Net.Http.Headers;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>The setting's own name wins over the short one, and ASPNETCORE_URLS over PORT.</summary>
public sealed class PrecedenceTests : IAsyncLifetime
{
    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database!.DisposeAsync();

    [Fact]
    public async Task Short_names_stand_in_for_settings_that_are_not_given()
    {
        var address = new NpgsqlConnectionStringBuilder(_database!.ConnectionString);
        await using var program = ProgramProcess.Start(
            [],
            (
                "DATABASE_URL",
                $"postgres://{address.Username}:{Uri.EscapeDataString(address.Password ?? "")}@{address.Host}:{address.Port}/{address.Database}?sslmode=disable"
            ),
            ("JWT_SECRET", Tokens.Secret)
        );

        await program.UntilAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, await MeAsync(program, Tokens.Secret));
    }

    [Fact]
    public async Task The_own_names_win_over_the_short_ones()
    {
        const string secret = "the-secret-that-is-given-by-its-own-name";
        var port = FreePorts.Next();
        await using var program = ProgramProcess.Start(
            [],
            ("ConnectionStrings__Postgres", _database!.ConnectionString),
            ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"),
            ("Auth__Secret", secret),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await UntilReadyAsync(client);

        Assert.Equal(HttpStatusCode.OK, await MeAsync(client, secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, Tokens.Secret));
        await Assert.ThrowsAsync<HttpRequestException>(() => program.Client.GetAsync("/health/live"));
    }

    /// <remarks>The variable that .NET's own images and documents use.</remarks>
    [Fact]
    public async Task The_framework_s_list_of_ports_counts_where_PORT_is_not_set()
    {
        var (first, second) = (FreePorts.Next(), FreePorts.Next());
        await using var program = ProgramProcess.Start(
            [],
            ("DATABASE_URL", _database!.ConnectionString),
            ("PORT", null),
            ("ASPNETCORE_HTTP_PORTS", $"{first}; {second}")
        );
        foreach (var port in (int[])[first, second])
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await UntilReadyAsync(client);
        }

        Assert.DoesNotContain("Overriding", program.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment()
    {
        await using var program = ProgramProcess.Start(
            ["--Auth__RequireTokenForReads=true", $"--ConnectionStrings:Postgres={_database!.ConnectionString}"],
            ("Auth__RequireTokenForReads", "false"),
            ("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1")
        );
        await program.UntilAsync("/health/ready");

        using var response = await program.Client.GetAsync("/api/markets");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Secrets_can_come_by_files_that_the_environment_names()
    {
        const string secret = "the-secret-that-is-in-a-file-and-not-in-the-environment";
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (ofSecret, ofDatabase) = (Path.Combine(folder.FullName, "jwt"), Path.Combine(folder.FullName, "db"));
            // Editors end a file with a line break; it isn't part of the secret.
            await File.WriteAllTextAsync(ofSecret, secret + "\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                ofDatabase,
                _database!.ConnectionString,
                TestContext.Current.CancellationToken
            );
            await using var program = ProgramProcess.Start(
                [],
                ("JWT_SECRET", null),
                ("JWT_SECRET_FILE", ofSecret),
                ("ConnectionStrings__Postgres_FILE", ofDatabase)
            );

            await program.UntilAsync("/health/ready");

            Assert.Equal(HttpStatusCode.OK, await MeAsync(program, secret));
            Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(program, Tokens.Secret));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a decoder puts in the place of such bytes is the same for all, and so no secret.</summary>
    [Fact]
    public async Task A_file_that_is_not_UTF8_is_no_secret()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(
                path,
                [.. Enumerable.Repeat((byte)0x81, 40)],
                TestContext.Current.CancellationToken
            );

            var (exitCode, _, error) = await ProgramProcess.RunAsync(
                [],
                ("DATABASE_URL", _database!.ConnectionString),
                ("Embeddings__ApiKey_FILE", path)
            );

            Assert.Equal(
                (1, "Embeddings__ApiKey_FILE must be the path of a text file in UTF-8; the file has other bytes.\n"),
                (exitCode, error)
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A variable that names the wrong file must not tell the secret that is in it.</summary>
    [Theory]
    [InlineData("Auth__Authority_FILE", "Auth:Authority must be an absolute address; it is '***'.\n")]
    [InlineData("Kestrel__Endpoints__X__Url_FILE", "The server can't listen: Invalid url: '***'; ")]
    public async Task Messages_never_repeat_what_a_file_says(string variable, string sentence)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "hunter2\n", TestContext.Current.CancellationToken);

            var (exitCode, output, error) = await ProgramProcess.RunAsync(
                [],
                ("DATABASE_URL", _database!.ConnectionString),
                (variable, path)
            );

            Assert.Equal(1, exitCode);
            Assert.StartsWith(sentence, error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", output + error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A secret that begins another must not leave the rest of that one to be read.</summary>
    [Theory]
    [InlineData("Embeddings__ApiKey_FILE")]
    [InlineData("Auth__Secret_FILE")]
    public async Task Messages_hide_the_longer_of_two_secrets_that_begin_alike(string other)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (shorter, longer) = (Path.Combine(folder.FullName, "one"), Path.Combine(folder.FullName, "two"));
            await File.WriteAllTextAsync(shorter, new string('x', 40), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                longer,
                new string('x', 40) + "hunter2",
                TestContext.Current.CancellationToken
            );

            var (_, _, error) = await ProgramProcess.RunAsync(
                [],
                ("DATABASE_URL", _database!.ConnectionString),
                ("JWT_SECRET", null),
                (other, shorter),
                ("Auth__Authority_FILE", longer)
            );

            Assert.Contains(
                "Auth:Authority must be an absolute address; it is '***'.\n",
                error,
                StringComparison.Ordinal
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task UntilReadyAsync(HttpClient client)
    {
        for (var tries = 0; tries < 1_000; tries++)
        {
            try
            {
                using var response = await client.GetAsync("/health/ready");
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(30);
        }
    }

    private static Task<HttpStatusCode> MeAsync(ProgramProcess program, string secret) =>
        MeAsync(program.Client, secret);

    private static async Task<HttpStatusCode> MeAsync(HttpClient client, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.For(User.New(), secret));
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
