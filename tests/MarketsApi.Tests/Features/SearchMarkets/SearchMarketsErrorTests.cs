using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Infrastructure.Embeddings;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>A search whose words fail while its vector is still being made.</summary>
public sealed class SearchMarketsErrorTests(SlowProviderFixture api) : IClassFixture<SlowProviderFixture>
{
    private const string FailWords = """
        ALTER FUNCTION search_terms (text, boolean) RENAME TO search_terms_elsewhere;
        CREATE FUNCTION search_terms(query text, exhaustive boolean)
        RETURNS TABLE (
            word_number integer, word_count integer, stem tsquery, weight double precision,
            in_descriptions boolean, basis tsquery, name_length real, description_length real, occurs boolean, is_left_out boolean
        )
        LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'no words';
        END
        $$
        """;

    [Fact]
    public async Task Stops_waiting_for_the_vector_when_the_words_fail()
    {
        await api.Provider.StartAsync();
        await api.Database.ExecuteAsync(FailWords);
        api.Provider.Delay = TimeSpan.FromMinutes(1);

        Task<RawResponse> search;
        await using (await HeldTable.LockAsync(api.Database))
        {
            search = api.SendAsync("GET", "/api/markets/search?q=rhine", "");
            await Eventually.UntilAsync(() => Task.FromResult(api.Provider.Requests.Count == 1));
        }

        (await search).ShouldBeProblem(500, "Internal server error");
        await api.Provider.WhenAborted.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }
}

/// <summary>The program with a provider for which searches wait long.</summary>
public sealed class SlowProviderFixture : ApiFixture
{
    /// <summary>The provider.</summary>
    public EmbeddingServer Provider { get; } = new();

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Embeddings:Provider"] = "openai",
            ["Embeddings:Endpoint"] = Provider.Endpoint,
            ["Embeddings:Model"] = "model-of-the-tests",
            ["Embeddings:QueryTimeoutMilliseconds"] = "10000",
        };

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
