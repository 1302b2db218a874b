using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.TrivialJob;

/// <summary>Adds the kind to the program.</summary>
public sealed class TrivialJobStartup : IHostingStartup
{
    /// <inheritdoc/>
    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services => services.AddSingleton<IJob, TrivialJob>());
}
