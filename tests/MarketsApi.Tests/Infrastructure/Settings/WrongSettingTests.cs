using System.Net;
using System.Net.Sockets;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>A wrong setting stops the program at once, with a sentence that names it and nothing more.</summary>
public sealed class WrongSettingTests
{
    private const string Postgres = "Host=127.0.0.1;Port=1;Username=x;Password=hunter2;Database=x";

    [Theory]
    [InlineData(
        "JWT_SECRET",
        null,
        "Auth:Secret (or JWT_SECRET) is not set: give the secret that signs tokens, or Auth:Authority."
    )]
    [InlineData(
        "JWT_SECRET",
        "hunter2-too-short",
        "Auth:Secret (or JWT_SECRET) must have at least 32 bytes; it has 17."
    )]
    [InlineData(
        "JWT_SECRET",
        "development-only-secret-for-trying-things-out",
        "Auth:Secret (or JWT_SECRET) is the published development secret, which is refused outside Development."
    )]
    [InlineData("Auth__Authority", "nonsense", "Auth:Authority must be an absolute address; it is 'nonsense'.")]
    [InlineData(
        "Auth__Authority",
        "http://id.example.org",
        "Auth:Authority must be an https address: keys fetched over plain http can be replaced on the way."
    )]
    [InlineData(
        "Auth__RequireTokenForReads",
        "maybe",
        "Auth:RequireTokenForReads must be true or false; it is 'maybe'."
    )]
    [InlineData(
        "Auth__Secrt",
        "hunter2",
        "Auth:Secrt is no setting; Auth has Secret, Authority, Issuer, Audience, RequireTokenForReads."
    )]
    [InlineData(
        "DATABASE_URL",
        null,
        "ConnectionStrings:Postgres (or DATABASE_URL) is not set: give the PostgreSQL database to use, such as postgres://user:password@host:5432/markets."
    )]
    [InlineData("DATABASE_URL", "hunter2", "ConnectionStrings:Postgres (or DATABASE_URL) can't be read: ")]
    [InlineData(
        "DATABASE_URL",
        "Host=db;Pasword=hunter2",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be read: "
    )]
    [InlineData(
        "DATABASE_URL",
        "Host=db;Password=a;hunter2=b",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be read: "
    )]
    [InlineData("DATABASE_URL", "Host=db;Port=hunter2", "ConnectionStrings:Postgres (or DATABASE_URL) can't be read: ")]
    [InlineData(
        "DATABASE_URL",
        "Password=hunter2",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be read: it names no host."
    )]
    [InlineData(
        "DATABASE_URL",
        "postgres://user:hunter2@host:port/x",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be read: it is no postgres:// address."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute http or https address, such as http://collector:4317; it is 'collector:4317'."
    )]
    [InlineData(
        "Database__CommandTimeoutSeconds",
        "0",
        "Database:CommandTimeoutSeconds must be from 1 to 600; it is 0."
    )]
    [InlineData(
        "Database__CommandTimeoutSeconds",
        "ten",
        "Database:CommandTimeoutSeconds must be a whole number; it is 'ten'."
    )]
    [InlineData(
        "Database__MaxConnections",
        "99999999999",
        "Database:MaxConnections must be a whole number; it is '99999999999'."
    )]
    [InlineData("Database__MaxConnection", "1", "Database:MaxConnection is no setting; Database has ")]
    [InlineData("Database__MaxWaitMilliseconds", "0", "Database:MaxWaitMilliseconds must be from 1 to 60000; it is 0.")]
    [InlineData("Database__MaxWaiting", "-1", "Database:MaxWaiting must be from 0 to 100000; it is -1.")]
    [InlineData(
        "Database__ReaderWaitMilliseconds",
        "-1",
        "Database:ReaderWaitMilliseconds must be from 0 to 5000; it is -1."
    )]
    [InlineData(
        "ConnectionStrings__PostgresReader",
        "Password=hunter2",
        "ConnectionStrings:PostgresReader can't be read: it names no host."
    )]
    [InlineData("Http__RequestTimeoutSeconds", "0", "Http:RequestTimeoutSeconds must be from 1 to 3600; it is 0.")]
    [InlineData("Http__GraceSeconds", "1", "Http:GraceSeconds must be from 2 to 600; it is 1.")]
    [InlineData("JWT_SECRET_FILE", "/nowhere/secret", "JWT_SECRET and JWT_SECRET_FILE are both set: give one of them.")]
    [InlineData(
        "Embeddings__ApiKey_FILE",
        "/nowhere/key",
        "Embeddings__ApiKey_FILE names a file that can't be read: '/nowhere/key'."
    )]
    [InlineData("REDIS_URL", "redis://", "ConnectionStrings:Redis (or REDIS_URL) can't be read: give host:port")]
    [InlineData(
        "REDIS_URL",
        "host:1,hunter2=1",
        "ConnectionStrings:Redis (or REDIS_URL) can't be read: give host:port"
    )]
    [InlineData("Caching__MemoryMegabytes", "-1", "Caching:MemoryMegabytes must be from 0 to 65536; it is -1.")]
    [InlineData("Caching__ItemSeconds", "0", "Caching:ItemSeconds must be from 1 to 86400; it is 0.")]
    [InlineData("Caching__ListSeconds", "-1", "Caching:ListSeconds must be from 0 to 86400; it is -1.")]
    [InlineData(
        "Caching__RedisTimeoutMilliseconds",
        "4",
        "Caching:RedisTimeoutMilliseconds must be from 5 to 5000; it is 4."
    )]
    [InlineData(
        "Embeddings__Provider",
        "cohere",
        "Embeddings:Provider must be onnx, local, openai or none; it is 'cohere'."
    )]
    [InlineData(
        "Embeddings__Provider",
        "openai",
        "Embeddings:ApiKey is not set: give OpenAI's key, or the Embeddings:Endpoint of a server that asks for none."
    )]
    [InlineData(
        "Embeddings__Dimensions",
        "256",
        "Embeddings:Dimensions can't be chosen for the local provider, which has 1024; it is 256."
    )]
    [InlineData(
        "Embeddings__QueryTimeoutMilliseconds",
        "0",
        "Embeddings:QueryTimeoutMilliseconds must be from 10 to 10000; it is 0."
    )]
    [InlineData(
        "Cors__Origins",
        "https://ok.example,app.example.org",
        "Cors:Origins must list origins such as https://app.example.org, or be *; 'app.example.org' is none."
    )]
    [InlineData(
        "Cors__Origins",
        "https://app.example.org/path",
        "Cors:Origins must list origins such as https://app.example.org, or be *; 'https://app.example.org/path' is none."
    )]
    [InlineData("RateLimiting__PermitLimit", "0", "RateLimiting:PermitLimit must be from 1 to 1000000; it is 0.")]
    [InlineData(
        "RateLimiting__WindowSeconds",
        "1.5",
        "RateLimiting:WindowSeconds must be a whole number; it is '1.5'."
    )]
    [InlineData("RateLimiting__MaxCallers", "10", "RateLimiting:MaxCallers must be from 1000 to 10000000; it is 10.")]
    [InlineData(
        "RateLimiting__Policies__writes__WindowSeconds",
        "60",
        "RateLimiting:Policies:writes:PermitLimit must be from 1 to 1000000; it is 0."
    )]
    [InlineData(
        "RateLimiting__Policies__writes__Permits",
        "60",
        "RateLimiting:Policies:writes:Permits is no setting; RateLimiting:Policies:writes has PermitLimit, WindowSeconds."
    )]
    [InlineData(
        "RateLimiting__Policies__writes__PermitLimit",
        "few",
        "RateLimiting:Policies:writes:PermitLimit must be a whole number; it is 'few'."
    )]
    [InlineData(
        "RateLimiting__Policies__write__PermitLimit",
        "5",
        "RateLimiting:Policies:write is no limit of any route; there are search, writes."
    )]
    [InlineData(
        "ForwardedHeaders__KnownProxies",
        "10.0.0.5, 10.0.0.1/8",
        "ForwardedHeaders:KnownProxies must list addresses such as 10.0.0.5 and networks such as 10.0.0.0/8 or fd00::/8; '10.0.0.1/8' is neither."
    )]
    [InlineData(
        "ForwardedHeaders__KnownProxies",
        "proxy.example.org",
        "ForwardedHeaders:KnownProxies must list addresses such as 10.0.0.5 and networks such as 10.0.0.0/8 or fd00::/8; 'proxy.example.org' is neither."
    )]
    [InlineData("PORT", "abc", "PORT must be a number from 1 to 65535; it is 'abc'.")]
    [InlineData("PORT", "0", "PORT must be a number from 1 to 65535; it is '0'.")]
    [InlineData("PORT", "65536", "PORT must be a number from 1 to 65535; it is '65536'.")]
    [InlineData("PORT", "80/", "PORT must be a number from 1 to 65535; it is '80/'.")]
    [InlineData(
        "ASPNETCORE_URLS",
        "nonsense",
        "ASPNETCORE_URLS must list addresses such as http://localhost:8080; 'nonsense' is none."
    )]
    public async Task Stops_the_program_with_the_sentence_that_says_which_and_why(
        string name,
        string? value,
        string sentence
    )
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync([], ("DATABASE_URL", Postgres), (name, value));

        Assert.NotEqual(0, exitCode);
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
        Assert.EndsWith(".\n", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output + error, StringComparison.Ordinal);
        if (!name.Contains("Secrt", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("hunter2", output + error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Several_wrong_ones_are_told_at_once()
    {
        var (exitCode, _, error) = await ProgramProcess.RunAsync([], ("JWT_SECRET", "short"), ("PORT", "abc"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("JWT_SECRET", error, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", error, StringComparison.Ordinal);
        Assert.Contains("PORT must", error, StringComparison.Ordinal);
        Assert.Equal(3, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output, error) = await ProgramProcess.RunAsync(
            [],
            ("DATABASE_URL", Postgres),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")
        );

        Assert.NotEqual(0, exitCode);
        Assert.StartsWith("Can't listen: ", error, StringComparison.Ordinal);
        Assert.Contains($":{port}", error, StringComparison.Ordinal);
        Assert.Contains("PORT", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at Microsoft", output + error, StringComparison.Ordinal);
    }
}
