using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Asking for similar markets, once all have vectors.</summary>
internal static class Similar
{
    /// <summary>Makes the vectors that are missing, as the job does.</summary>
    public static Task ReindexAsync(this ApiFixture api) =>
        api
            .Host.Services.GetServices<IJob>()
            .Single(job => job.Kind == "reindex-markets")
            .RunAsync(new JobRun(Guid.NewGuid(), null, 1), CancellationToken.None);

    /// <summary>The markets similar to one, by id with their scores.</summary>
    public static async Task<IReadOnlyList<(Guid Id, double Score)>> ListSimilarAsync(
        this ApiFixture api,
        Guid id,
        int? limit = null,
        User? user = null
    )
    {
        var result = await api.Host.Scenario(s =>
        {
            s.Get.Url($"/api/markets/{id}/similar{(limit is null ? "" : $"?limit={limit}")}");
            s.WithBearerToken((user ?? api.Alice).Token);
        });
        return [.. result.Data().EnumerateArray().Select(item => (item.Id(), item.GetProperty("score").GetDouble()))];
    }

    /// <summary>Creates a market with this text.</summary>
    public static async Task<Guid> CreateAsync(
        this ApiFixture api,
        string name,
        string description = "",
        string status = "active",
        User? creator = null
    )
    {
        var market = await api.CreateMarketAsync(
            creator,
            new
            {
                name,
                description,
                status,
                endsAt = DateTime.UtcNow.AddDays(30),
            }
        );
        return market.Id();
    }
}
