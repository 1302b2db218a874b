using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>A model that fails costs a search its meaning, and nothing else: here beside vectors that a good one has made.</summary>
public sealed class SearchMarketsBrokenModelTests(MeaningFixture api) : IClassFixture<MeaningFixture>
{
    /// <summary>What a search would wait if it waited for the model.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly string[] Marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    [Theory]
    [InlineData("without its files")]
    [InlineData("cut off")]
    [InlineData("no model")]
    [InlineData("failing at each text")]
    public async Task Searches_by_words_and_waits_for_nothing(string model)
    {
        var folder = Directory.CreateTempSubdirectory("model-");
        try
        {
            await MakeAsync(model, folder.FullName);
            await using var server = ServerWith(folder.FullName);

            var first = await SearchAsync(server, 0);
            var embedder = (OnnxEmbedder)server.Services.GetRequiredService<Embedders>().Find(EmbeddingModel.Onnx)!;
            await embedder.LoadAsync().ContinueWith(_ => { }, TaskScheduler.Default);
            var found = new ConcurrentBag<JsonElement>();
            await Parallel.ForEachAsync(
                Enumerable.Range(1, 40),
                new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (number, _) => found.Add(await SearchAsync(server, number))
            );

            Assert.Equal(model == "failing at each text", embedder.IsLoaded);
            Assert.All(
                [first, .. found],
                body =>
                {
                    Assert.Equal("lexical", body.GetProperty("meta").Text("mode"));
                    Assert.StartsWith(
                        "Will US unemployment",
                        body.GetProperty("data")[0].Text("name"),
                        StringComparison.Ordinal
                    );
                }
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MakeAsync(string model, string folder)
    {
        if (model == "without its files")
        {
            return;
        }

        var good = await File.ReadAllBytesAsync(Path.Combine(OnnxEmbedder.Folder, "model.onnx"));
        var vocabulary = await File.ReadAllLinesAsync(Path.Combine(OnnxEmbedder.Folder, "vocab.txt"));
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "model.onnx"),
            model switch
            {
                "cut off" => good[..(good.Length / 2)],
                "no model" => "This is not a model."u8.ToArray(),
                _ => good,
            }
        );
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "vocab.txt"),
            // Words get numbers that the model has no vectors for; an empty text, which is tried first, has none.
            model == "failing at each text"
                ?
                [
                    .. Marks,
                    .. Enumerable.Range(0, 40_000).Select(number => $"[{number}]"),
                    .. vocabulary.Except(Marks),
                ]
                : vocabulary
        );
    }

    private static async Task<JsonElement> SearchAsync(LiveServer server, int number)
    {
        // No two alike, so that none is taken from the cache.
        var started = Stopwatch.GetTimestamp();
        using var response = await server.Client.GetAsync($"/api/markets/search?q=unemployment+exceed+{number}");
        Assert.True(Stopwatch.GetElapsedTime(started) < Limit, "a search has waited for the model");
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private LiveServer ServerWith(string folder) =>
        new(builder =>
        {
            builder.UseSetting("ConnectionStrings:Postgres", api.Database.ConnectionString);
            builder.UseSetting("Auth:Secret", Tokens.Secret);
            builder.UseSetting("Jobs:Enabled", "false");
            builder.UseSetting("Embeddings:Provider", "onnx");
            builder.UseSetting("Embeddings:QueryTimeoutMilliseconds", "10000");
            LogLines.Drop(builder);
            builder.ConfigureTestServices(services =>
                services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Embedders>(provider, folder))
            );
        });
}
