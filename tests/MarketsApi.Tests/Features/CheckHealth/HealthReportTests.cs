using System.Diagnostics;
using System.Net;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Features.CheckHealth;

/// <summary>What it costs the database that anybody may ask, as often as they like, whether the program is ready.</summary>
public sealed class HealthReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Many_who_ask_share_one_check_a_second()
    {
        var database = new NpgsqlConnectionStringBuilder(api.Database.ConnectionString).Database;
        var checks = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                var tags = activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
                if (tags.ContainsValue(database) && tags.GetValueOrDefault("db.query.text") == "SELECT 1")
                {
                    Interlocked.Increment(ref checks);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        api.Clock.Advance(TimeSpan.FromSeconds(2));
        var started = Stopwatch.GetTimestamp();

        for (var round = 0; round < 10; round++)
        {
            var responses = await Task.WhenAll(
                Enumerable
                    .Range(0, 30)
                    .Select(_ => api.Live.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken))
            );
            Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
            Array.ForEach(responses, response => response.Dispose());
        }

        var most = 2 + (int)Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.InRange(checks, 1, most);

        api.Clock.Advance(TimeSpan.FromSeconds(2));
        var before = checks;
        using var later = await api.Live.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, checks);
    }
}
