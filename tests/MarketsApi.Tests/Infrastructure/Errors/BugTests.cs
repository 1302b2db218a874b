using System.Net;
using System.Net.Http.Json;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Errors;

/// <summary>What a caller sees of a bug, and what the log has of it.</summary>
public sealed class BugTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Secret = "table markets_internal at /srv/app/Program.cs";

    [Fact]
    public async Task An_unhandled_exception_is_a_500_that_tells_nothing_and_a_log_line_that_tells_all()
    {
        var log = new KeptLog();
        var clock = new BrokenClock();
        await using var server = new LiveServer(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", api.Database.ConnectionString);
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(log));
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
        });

        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", api.Alice.Token);
        while (!(await server.Client.GetAsync("/health/ready")).IsSuccessStatusCode)
        {
            await Task.Delay(25);
        }

        clock.IsBroken = true;

        using var answer = await server.Client.PostAsJsonAsync("/api/markets", ApiFixture.NewMarket());
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = System.Text.Json.JsonDocument.Parse(text).RootElement;
        problem.ShouldBeWellFormed(500);
        Assert.Equal("Internal server error", problem.Text("error"));
        Assert.Equal(answer.Headers.GetValues("X-Request-Id"), [problem.Text("requestId")!]);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("markets_internal", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", text, StringComparison.Ordinal);
        var logged = Assert.Single(log.Exceptions);
        Assert.Equal(Secret, logged.Message);
        Assert.Contains(nameof(BrokenClock), logged.StackTrace, StringComparison.Ordinal);
    }

    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() =>
            IsBroken ? throw new InvalidOperationException(Secret) : base.GetUtcNow();
    }

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public List<Exception> Exceptions { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (exception is not null && logLevel >= LogLevel.Error)
            {
                Exceptions.Add(exception);
            }
        }

        public void Dispose() { }
    }
}
