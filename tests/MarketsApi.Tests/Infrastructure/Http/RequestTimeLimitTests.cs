using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

/// <summary>Requests that take too long, or whose caller has left.</summary>
public sealed class RequestTimeLimitTests(RequestTimeLimitTests.ShortLimit api)
    : IClassFixture<RequestTimeLimitTests.ShortLimit>
{
    public static TheoryData<string, string> Requests =>
        new()
        {
            { "GET", "/api/markets" },
            { "GET", $"/api/markets/{Guid.NewGuid()}" },
            { "POST", "/api/markets" },
        };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task One_that_takes_too_long_is_503_and_its_statement_ends(string method, string path)
    {
        await using var table = await HeldTable.LockAsync(api.Database);
        var sending = SendAsync(method, path, CancellationToken.None);
        await table.UntilWaitingAsync(1);

        var started = Stopwatch.GetTimestamp();
        using var response = await sending;

        Assert.True(
            Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20),
            "it was not the request's time that ended it"
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After is missing");
        Assert.True(response.Headers.Contains("X-Request-Id"));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        problem.ShouldBeWellFormed(503);
        Assert.Equal("Service unavailable", problem.Text("error"));
        await table.UntilWaitingAsync(0);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task One_whose_caller_has_left_ends_its_statement(string method, string path)
    {
        await using var table = await HeldTable.LockAsync(api.Database);
        using var leaving = new CancellationTokenSource();
        var sending = SendAsync(method, path, leaving.Token);
        await table.UntilWaitingAsync(1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await table.UntilWaitingAsync(0);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "POST" ? JsonContent.Create(ApiFixture.NewMarket()) : null;
        if (method == "POST")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Alice.Token);
        }

        return await api.Live.Client.SendAsync(request, cancellationToken);
    }

    /// <summary>A program that gives a request two seconds, and a statement more.</summary>
    public sealed class ShortLimit : ApiFixture
    {
        /// <inheritdoc/>
        protected override IReadOnlyDictionary<string, string> Settings { get; } =
            new Dictionary<string, string>
            {
                ["Http:RequestTimeoutSeconds"] = "2",
                ["Database:CommandTimeoutSeconds"] = "60",
            };
    }
}
