using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Embeddings;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ReindexMarkets;

/// <summary>The program with a provider of embeddings whose errors a test chooses, and with background work.</summary>
public sealed class ProviderFixture : ApiFixture
{
    /// <summary>The provider, which isn't there at first.</summary>
    public EmbeddingServer Provider { get; } = new();

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Embeddings:Provider"] = "openai",
            ["Embeddings:Endpoint"] = Provider.Endpoint,
            ["Embeddings:Model"] = "model-of-the-tests",
            ["Embeddings:Dimensions"] = "1024",
            ["Embeddings:RetryMilliseconds"] = "5",
            ["Jobs:Enabled"] = "true",
            ["Jobs:PollMilliseconds"] = "50",
        };

    /// <summary>The output of the verb that made the local model's vectors before the provider was configured.</summary>
    public Verb? Local { get; private set; }

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await this.InsertMarketsAsync(2);
        Local = await Verb.RunAsync(Database.ConnectionString, "reindex");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
