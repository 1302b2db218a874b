using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.WatchMarket;

public sealed class WatchMarketJobTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Is_found_and_runs()
    {
        var job = Assert.Single(api.Host.Services.GetServices<IJob>(), job => job.Kind == "watch-market");

        await job.RunAsync(new JobRun(Guid.NewGuid(), null, 1), CancellationToken.None);

        Assert.IsAssignableFrom<IRecurringJob>(job);
    }
}
