using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>The program with its background work, and a kind of job that does what tests say.</summary>
public class JobsFixture : ApiFixture
{
    /// <summary>That kind.</summary>
    public ScriptedJob Scripted { get; } = new();

    /// <summary>Another, which is done together.</summary>
    public ScriptedBatchJob Batched { get; } = new();

    /// <summary>The program's queue.</summary>
    public JobQueue Queue => Host.Services.GetRequiredService<JobQueue>();

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Jobs:Enabled"] = "true",
            ["Jobs:BackoffMilliseconds"] = "5",
            ["Jobs:LeaseSeconds"] = "6",
            ["Jobs:TimeoutSeconds"] = "4",
        };

    /// <inheritdoc/>
    protected override void AddServices(IServiceCollection services) =>
        services.AddSingleton<IJob>(Scripted).AddSingleton<IJob>(Batched);
}
