using System.ComponentModel.DataAnnotations;
using System.Reflection;
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
        "                                        ",
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
        "Auth:Secret (or JWT_SECRET) is the published development secret, which is not allowed outside Development."
    )]
    [InlineData(
        "Auth__Authority",
        "https://login.example.org",
        "Auth:Audience is not set, so tokens for any application of Auth:Authority would be accepted: name yours, or set Auth:AnyAudience=true."
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
        "Unknown setting Auth:Secrt. Auth supports: Secret, Authority, Issuer, Audience, AnyAudience, RequireTokenForReads."
    )]
    [InlineData(
        "DATABASE_URL",
        null,
        "ConnectionStrings:Postgres (or DATABASE_URL) is not set: give the PostgreSQL database to use, such as postgres://user:password@host:5432/database."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute http or https address, such as http://collector:4317; it is 'collector:4317'."
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
    [InlineData(
        "Database__MaxConnection",
        "1",
        "Unknown setting Database:MaxConnection. Database supports: CommandTimeoutSeconds, MaxConnections, "
    )]
    [InlineData(
        "ConnectionStrings__PostgresReader",
        "Password=hunter2",
        "ConnectionStrings:PostgresReader can't be used: it names no host."
    )]
    [InlineData("Http__GraceSeconds", "1", "Http:GraceSeconds must be from 2 to 600; it is 1.")]
    [InlineData("JWT_SECRET_FILE", "/nowhere/secret", "JWT_SECRET and JWT_SECRET_FILE are both set: set one of them.")]
    [InlineData(
        "Embeddings__ApiKey_FILE",
        "/nowhere/key",
        "Embeddings__ApiKey_FILE must be the path of a readable file; the file doesn't exist."
    )]
    [InlineData(
        "Embeddings__ApiKey_FILE",
        "sk-hunter2",
        "Embeddings__ApiKey_FILE must be the path of a readable file; the file doesn't exist."
    )]
    [InlineData(
        "Embeddings__ApiKey_FILE",
        "/tmp",
        "Embeddings__ApiKey_FILE must be the path of a readable file; it is a folder."
    )]
    [InlineData(
        "Auth__Authority",
        "http://someone:hunter2@[",
        "Auth:Authority must be an absolute address; it is '***@['."
    )]
    [InlineData(
        "Cors__Origins__0",
        "https://someone:hunter2@app.example.org/",
        "Cors:Origins must list origins such as https://app.example.org, or be *; '***@app.example.org/' is not a valid origin."
    )]
    [InlineData("Cors__Origin", "https://app.example.org", "Unknown setting Cors:Origin. Cors supports: Origins.")]
    [InlineData(
        "Cachng__Enabled",
        "false",
        "Unknown setting Cachng:Enabled. Caching supports: Enabled, MemoryMegabytes, "
    )]
    [InlineData("Job__Enabled", "false", "Unknown setting Job:Enabled. Jobs supports: Enabled, Concurrency, ")]
    [InlineData(
        "Auth__Issuer__0",
        "https://id.example.org",
        "Auth:Issuer must be a single value; Auth:Issuer:0 is set."
    )]
    [InlineData("Database__MaxWaiting", "", "Database:MaxWaiting must be a whole number; it is ''.")]
    [InlineData(
        "DATABASE_URL",
        "postgres://u:hunter2@db/x?schema=public",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be used: it has the unknown parameter schema; "
    )]
    [InlineData(
        "DATABASE_URL",
        "postgres://u:hunter2@db/x?sslmode=verify-full&sslrootcert=/nowhere.pem",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be used: the file that it names as Root Certificate doesn't exist."
    )]
    [InlineData(
        "DATABASE_URL",
        "Host=db;Password=hunter2;Minimum Pool Size=50;Maximum Pool Size=10",
        "ConnectionStrings:Postgres (or DATABASE_URL) can't be used: "
    )]
    [InlineData("REDIS_URL", "redis://u:hunter2@db/first", "ConnectionStrings:Redis (or REDIS_URL) can't be read: ")]
    [InlineData("REDIS_URL", "redis://", "ConnectionStrings:Redis (or REDIS_URL) can't be read: give host:port")]
    [InlineData(
        "REDIS_URL",
        "host:1,hunter2=1",
        "ConnectionStrings:Redis (or REDIS_URL) can't be read: give host:port"
    )]
    [InlineData(
        "Embeddings__Provider",
        "cohere",
        "Embeddings:Provider must be one of onnx, local, openai, none; it is 'cohere'."
    )]
    [InlineData(
        "Embeddings__Provider",
        "openai",
        "Embeddings:ApiKey is not set: give OpenAI's key, or the Embeddings:Endpoint of a server that needs no key."
    )]
    [InlineData(
        "Embeddings__Dimensions",
        "256",
        "Embeddings:Dimensions can't be chosen for the local provider, which has 1024; it is 256."
    )]
    [InlineData(
        "Cors__Origins",
        "https://ok.example,app.example.org",
        "Cors:Origins must list origins such as https://app.example.org, or be *; 'app.example.org' is not a valid origin."
    )]
    [InlineData(
        "Cors__Origins",
        "https://app.example.org/path",
        "Cors:Origins must list origins such as https://app.example.org, or be *; 'https://app.example.org/path' is not a valid origin."
    )]
    [InlineData(
        "RateLimiting__WindowSeconds",
        "1.5",
        "RateLimiting:WindowSeconds must be a whole number; it is '1.5'."
    )]
    [InlineData(
        "RateLimiting__Policies__writes__WindowSeconds",
        "60",
        "RateLimiting:Policies:writes:PermitLimit must be from 1 to 1000000; it is 0."
    )]
    [InlineData(
        "RateLimiting__Policies__writes__Permits",
        "60",
        "Unknown setting RateLimiting:Policies:writes:Permits. RateLimiting:Policies:writes supports: PermitLimit, WindowSeconds."
    )]
    [InlineData(
        "RateLimiting__Policies__writes__PermitLimit",
        "few",
        "RateLimiting:Policies:writes:PermitLimit must be a whole number; it is 'few'."
    )]
    [InlineData(
        "RateLimiting__Policies__write__PermitLimit",
        "5",
        "No route uses the policy RateLimiting:Policies:write; known policies: search, writes."
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
        "RateLimiting__Policies__writes",
        "5",
        "RateLimiting:Policies:writes can't have a value of its own, '5'; set what belongs to it: PermitLimit, WindowSeconds."
    )]
    [InlineData("RateLimiting__Policies", "5", "RateLimiting:Policies can't have a value of its own, '5'; ")]
    [InlineData(
        "RateLimiting__Policies__writes",
        "",
        "RateLimiting:Policies:writes:PermitLimit must be from 1 to 1000000; it is 0."
    )]
    [InlineData("Cors__Origins__0__x", "y", "Cors:Origins:0 must be a single value; Cors:Origins:0:x is set.")]
    [InlineData(
        "ASPNETCORE_URLS",
        "nonsense",
        "ASPNETCORE_URLS must list addresses such as http://localhost:8080; 'nonsense' is not a valid address."
    )]
    public async Task Stops_the_program_with_the_sentence_that_says_which_and_why(
        string name,
        string? value,
        string sentence
    )
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync([], ("DATABASE_URL", Postgres), (name, value));

        Assert.Equal(1, exitCode);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Numbers_outside_their_bounds_are_reported_all_at_once(bool above)
    {
        var wrong = SettingsTextTests
            .Properties.Select(setting => (setting.Name, Range: setting.Property.GetCustomAttribute<RangeAttribute>()))
            .Where(setting => setting.Range is not null)
            .Select(setting =>
                (
                    setting.Name,
                    setting.Range,
                    Value: above ? (int)setting.Range!.Maximum + 1 : (int)setting.Range!.Minimum - 1
                )
            )
            .ToList();
        Assert.True(wrong.Count > 20, "The settings classes were not found.");

        var (exitCode, _, error) = await ProgramProcess.RunAsync(
            [],
            [
                ("DATABASE_URL", Postgres),
                ("Embeddings__Provider", "openai"),
                ("Embeddings__ApiKey", "hunter2"),
                .. wrong.Select(one =>
                    (one.Name.Replace(":", "__", StringComparison.Ordinal), (string?)$"{one.Value}")
                ),
            ]
        );

        Assert.Equal(1, exitCode);
        Assert.Equal(
            wrong
                .Select(one =>
                    $"{one.Name} must be from {one.Range!.Minimum} to {one.Range.Maximum}; it is {one.Value}."
                )
                .Order(StringComparer.Ordinal),
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Several_wrong_ones_are_reported_at_once()
    {
        var (exitCode, _, error) = await ProgramProcess.RunAsync([], ("JWT_SECRET", "short"), ("PORT", "abc"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("JWT_SECRET", error, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", error, StringComparison.Ordinal);
        Assert.Contains("PORT must", error, StringComparison.Ordinal);
        Assert.Equal(3, error.Count(c => c == '\n'));
    }
}
