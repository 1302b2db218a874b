using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.RefreshSearch;

public sealed class RefreshSearchJobTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Is_found_and_runs()
    {
        var job = Assert.Single(api.Host.Services.GetServices<IJob>(), job => job.Kind == "refresh-search");

        await job.RunAsync(new JobRun(Guid.NewGuid(), null, 1), CancellationToken.None);

        Assert.IsAssignableFrom<IRecurringJob>(job);
    }
}
