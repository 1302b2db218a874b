using System.Net;
using System.Net.Sockets;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>What a package or the server would end the program for, with a stack trace, is one sentence as well.</summary>
public sealed class StartErrorTests
{
    private const string HttpsUrl = "https://127.0.0.1:0";

    [Theory]
    [InlineData(
        "Serilog:MinimumLevel:Default must be one of Verbose, Debug, Information, Warning, Error, Fatal; it is 'Loud'.",
        "Serilog__MinimumLevel__Default=Loud"
    )]
    [InlineData("Serilog:MinimumLevel:Override:Npgsql must be one of ", "Serilog__MinimumLevel__Override__Npgsql=Loud")]
    [InlineData("Logging:LogLevel:Default must be one of ", "Logging__LogLevel__Default=Loud")]
    [InlineData(
        "ASPNETCORE_URLS must list addresses such as http://localhost:8080; 'http://localhost:80/path' is not a valid address.",
        "ASPNETCORE_URLS=http://localhost:80/path"
    )]
    [InlineData(
        "ASPNETCORE_HTTP_PORTS must list numbers from 1 to 65535, separated by semicolons; 'abc' isn't one.",
        "PORT=",
        "ASPNETCORE_HTTP_PORTS=1;abc"
    )]
    [InlineData(
        "The server can't listen: Cannot assign requested address; the settings are PORT, ASPNETCORE_URLS and Kestrel.",
        "ASPNETCORE_URLS=http://192.0.2.1:80"
    )]
    [InlineData(
        "The server can't listen: Unable to configure HTTPS endpoint. No server certificate was specified",
        "ASPNETCORE_URLS=" + HttpsUrl
    )]
    [InlineData("The server can't listen: Invalid url: 'nonsense'; ", "Kestrel__Endpoints__X__Url=nonsense")]
    [InlineData(
        "Kestrel:Certificates:Default:Path must be the path of a file; the file '/nowhere.pfx' doesn't exist.",
        "Kestrel__Certificates__Default__Path=/nowhere.pfx"
    )]
    [InlineData(
        "The server can't listen: a certificate of Kestrel:Certificates or Kestrel:Endpoints, or its password, is wrong: ",
        "Kestrel__Certificates__Default__Path=/etc/passwd",
        "Kestrel__Certificates__Default__Password=hunter2",
        "Kestrel__Endpoints__X__Url=" + HttpsUrl
    )]
    [InlineData(
        "AllowedHosts must list host names without a port, such as example.org or *.example.org, or be *; 'b.example:80' is not a valid host name.",
        "AllowedHosts=a.example,b.example:80"
    )]
    [InlineData("AllowedHosts must list host names without a port, ", "AllowedHosts__0=https://a.example")]
    [InlineData("ConnectionStrings:Redis (or REDIS_URL) can't be read: ", "REDIS_URL=http://h:6379")]
    [InlineData("ConnectionStrings:Redis (or REDIS_URL) can't be read: ", "REDIS_URL=\"redis://h\"")]
    [InlineData("ConnectionStrings:Redis (or REDIS_URL) can't be read: ", "REDIS_URL=rediss://h?ssl_cert_reqs=none")]
    [InlineData(
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be used: Maximum Pool Size must be 1 or more.",
        "DATABASE_URL=Host=db;Maximum Pool Size=0"
    )]
    [InlineData(
        "The folder that ASPNETCORE_CONTENTROOT or --contentRoot names doesn't exist: ",
        "ASPNETCORE_CONTENTROOT=/nowhere"
    )]
    [InlineData(
        "Unicode texts can't be normalized without ICU: install libicu, and don't set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute http or https address, such as http://collector:4317; it is '***@'.",
        "OTEL_EXPORTER_OTLP_ENDPOINT=nonsense:hunter2@"
    )]
    [InlineData(
        "OTEL_BSP_MAX_QUEUE_SIZE must be a whole number, 1 or more; it is 'many'.",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1",
        "OTEL_BSP_MAX_QUEUE_SIZE=many"
    )]
    [InlineData(
        "The settings can't be used: Failed to convert configuration value 'maybe' at 'hostBuilder:reloadConfigOnChange' to type 'System.Boolean'.",
        "DOTNET_hostBuilder__reloadConfigOnChange=maybe"
    )]
    [InlineData(
        "JWT_SECRET_FILE must be the path of a readable file; the file doesn't exist.",
        "JWT_SECRET=",
        "JWT_SECRET_FILE=/nowhere/hunter2"
    )]
    [InlineData(
        "jwt_secret_file must be the path of a readable file; the file doesn't exist.",
        "JWT_SECRET=",
        "jwt_secret_file=/nowhere/hunter2"
    )]
    [InlineData(
        "JWT_SECRET_FILE must be the path of a file with one value; the file has more than 65,536 bytes.",
        "JWT_SECRET=",
        "JWT_SECRET_FILE=/dev/zero"
    )]
    public Task Reports_a_wrong_setting_of_a_package(string sentence, params string[] environment) =>
        AssertToldAsync(
            sentence,
            [.. environment.Select(one => one.Split('=', 2)).Select(one => (one[0], (string?)one[1]))]
        );

    [Theory]
    [InlineData("{\n  \"Auth\": nonsense\n}", "line 2 is not valid JSON.")]
    [InlineData("[]", "Top-level JSON element must be an object.")]
    [InlineData("{ \"PORT\": 1, \"PORT\": 2 }", "A duplicate key 'PORT' was found.")]
    public async Task Reports_a_broken_settings_file(string content, string reason)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "appsettings.json");
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);

            await AssertToldAsync(
                $"Failed to load configuration from file '{file}': {reason}",
                ("ASPNETCORE_CONTENTROOT", folder.FullName)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Reports_a_port_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await AssertToldAsync(
            $"The server can't listen: Failed to bind to address http://127.0.0.1:{port}: address already in use; the settings are PORT, ASPNETCORE_URLS and Kestrel.",
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")
        );
    }

    [Fact]
    public async Task Reports_a_database_that_does_not_exist_and_not_that_it_stopped_listening()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        var absent = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "nowhere" };

        await AssertToldAsync(
            "The database can't be used: 3D000: database \"nowhere\" does not exist.\n",
            ("DATABASE_URL", absent.ConnectionString)
        );
    }

    [Fact]
    public async Task Commands_that_store_texts_do_not_run_without_ICU_either()
    {
        var (exitCode, _, error) = await ProgramProcess.RunAsync(
            ["import", "nowhere.jsonl"],
            ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        );

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Unicode texts can't be normalized without ICU", error, StringComparison.Ordinal);
    }

    private static async Task AssertToldAsync(string sentence, params (string, string?)[] environment)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(
            [],
            [("DATABASE_URL", "Host=127.0.0.1;Port=1"), .. environment]
        );

        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output + error, StringComparison.Ordinal);
    }
}
