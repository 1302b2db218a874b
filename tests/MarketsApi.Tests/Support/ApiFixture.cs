using System.Net;
using System.Text.Json;
using Alba;
using MarketsApi.Infrastructure.Caching;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Support;

/// <summary>The program with a database of its own, for one test class; without Redis and jobs, which PipelineFixture turns on.</summary>
public class ApiFixture : IAsyncLifetime
{
    /// <summary>One for both hosts of the fixture, which without it would be two instances that don't know of each other.</summary>
    private readonly LocalCache _cache;

    private TestDatabase? _database;
    private IAlbaHost? _host;
    private LiveServer? _live;

    /// <summary>Prepares what both hosts share.</summary>
    public ApiFixture() => _cache = new(new ItemVersionTable(new CacheSettings(), Clock));

    /// <summary>The program, for scenarios.</summary>
    public IAlbaHost Host => _host!;

    /// <summary>Its database.</summary>
    public TestDatabase Database => _database!;

    /// <summary>Its time.</summary>
    public MovableClock Clock { get; } = new();

    /// <summary>A user who may read and write.</summary>
    public User Alice { get; } = User.New("user", "Alice");

    /// <summary>Another one.</summary>
    public User Bob { get; } = User.New("user", "Bob");

    /// <summary>A moderator, who may change other users' markets.</summary>
    public User Moderator { get; } = User.New("moderator", "Mo");

    /// <summary>An admin, who may do anything.</summary>
    public User Admin { get; } = User.New("admin", "Ada");

    /// <summary>The program on a real port, for requests that <see cref="Host"/> can't send.</summary>
    public LiveServer Live => _live ??= new LiveServer(Configure);

    /// <summary>Settings beyond those of every test, as <c>Section:Name</c>.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>How many connections to the database the program may open.</summary>
    protected virtual int MaxConnections => 20;

    /// <summary>Fills the database before the program starts.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Adds to what the program is made of.</summary>
    protected virtual void AddServices(IServiceCollection services) { }

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await PrepareAsync();
        _host = await AlbaHost.For<Program>(Configure);
        // In-memory requests have no address, by which callers without a token are distinguished.
        _host.BeforeEach(context => context.Connection.RemoteIpAddress = IPAddress.Loopback);
        await WaitUntilReadyAsync();
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_live is not null)
        {
            await _live.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>Creates a market and returns it.</summary>
    public async Task<JsonElement> CreateMarketAsync(User? creator = null, object? body = null)
    {
        var result = await Host.Scenario(s =>
        {
            s.WithBearerToken((creator ?? Alice).Token);
            s.Post.Json(body ?? NewMarket()).ToUrl("/api/markets");
            s.StatusCodeShouldBe(201);
        });
        return result.Data();
    }

    /// <summary>A market's body that passes; give what the test is about.</summary>
    public static object NewMarket(
        string? name = null,
        string? status = null,
        string? category = null,
        DateTime? endsAt = null
    ) =>
        new
        {
            name = name ?? $"Will it happen? {Guid.NewGuid():N}",
            endsAt = endsAt ?? DateTime.UtcNow.AddDays(30),
            status = status ?? "active",
            category,
        };

    private void Configure(IWebHostBuilder builder)
    {
        builder.UseSetting(
            "ConnectionStrings:Postgres",
            $"{Database.ConnectionString};Maximum Pool Size={MaxConnections}"
        );
        builder.UseSetting("ConnectionStrings:Redis", "");
        builder.UseSetting("Auth:Secret", Tokens.Secret);
        // Background work comes when it likes; tests that are about it turn it on.
        builder.UseSetting("Jobs:Enabled", "false");
        // More than any test sends; those that are about limits set their own.
        builder.UseSetting("RateLimiting:PermitLimit", "100000");
        // Tests that are about too much work set their own; others wait as long as a slow machine needs.
        builder.UseSetting("Database:MaxWaitMilliseconds", "60000");
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        LogLines.Drop(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock).AddSingleton(_cache);
            AddServices(services);
        });
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var result = await Host.Scenario(s =>
            {
                s.Get.Url("/health/ready");
                s.IgnoreStatusCode();
            });
            if (result.Context.Response.StatusCode == 200)
            {
                return;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException("The program didn't become ready within five seconds.");
    }
}
