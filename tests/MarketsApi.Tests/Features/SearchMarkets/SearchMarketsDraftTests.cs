using System.Text.Json;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>The search reveals nothing of other users' drafts.</summary>
public sealed class SearchMarketsDraftTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_score_of_a_guessed_word_does_not_show_that_a_draft_has_it()
    {
        var (inName, inDescription, nowhere) = (Searching.NewWord(), Searching.NewWord(), Searching.NewWord());
        string[] guesses = [inName, inDescription, nowhere];
        await api.CreateAsync($"Will Acme announce the {inName} deal?", $"Its price is {inDescription}.", "draft");
        foreach (var guess in guesses)
        {
            await api.CreateAsync($"Guess {guess} alpha", creator: api.Bob);
        }

        await api.RefreshAsync();

        var expected = await ScoreAsync(nowhere);
        Assert.InRange(expected, 0.1, double.MaxValue);
        Assert.Equal(expected, await ScoreAsync(inName));
        Assert.Equal(expected, await ScoreAsync(inDescription));
    }

    [Fact]
    public async Task A_misspelling_in_a_draft_leaves_its_correction_as_it_is()
    {
        var word = Searching.NewWord();
        var misspelt = word[..4] + word[5..];
        var market = await api.CreateAsync($"Will {word} happen?");
        await api.RefreshAsync();
        var before = Assert.Single((await api.SearchAsync(misspelt, "&limit=8")).Data().EnumerateArray());
        Assert.Equal(market, before.Id());

        await api.CreateAsync($"Will {misspelt} happen?", status: "draft", creator: api.Bob);
        await api.RefreshAsync();

        // Another limit, so that no response is read from the cache.
        var after = Assert.Single((await api.SearchAsync(misspelt, "&limit=9")).Data().EnumerateArray());
        Assert.Equal((before.Id(), before.Score()), (after.Id(), after.Score()));
    }

    [Theory]
    [InlineData("active")]
    [InlineData("cancelled")]
    public async Task A_published_draft_is_found_by_its_last_words_in_the_next_request(string status)
    {
        var (former, name, description) = (Searching.NewWord(), Searching.NewWord(), Searching.NewWord());
        var draft = await api.CreateAsync($"Will {former} happen?", status: "draft");
        await api.PatchMarketAsync(draft, new { name = $"Will {name} happen?", description = $"About {description}." });

        await api.PatchMarketAsync(draft, new { status });

        foreach (var word in (string[])[name, description])
        {
            Assert.Equal(draft, Assert.Single((await api.SearchAsync(word)).Data().EnumerateArray()).Id());
        }

        await api.RefreshAsync();
        Assert.Equal(["search_markets", "search_stems", "search_words"], await TracesAsync(draft, name));
        Assert.Empty(await TracesAsync(Guid.Empty, former));
    }

    [Fact]
    public async Task A_draft_leaves_nothing_in_the_index_when_it_is_made_edited_or_deleted()
    {
        string[] words = [.. Enumerable.Range(0, 6).Select(_ => Searching.NewWord())];
        var draft = await api.CreateAsync($"Will {words[0]} happen?", $"About {words[1]}.", "draft");
        await ExpectNothingAsync();

        await api.PatchMarketAsync(
            draft,
            new { name = $"Will {words[2]} happen?", description = $"About {words[3]}." }
        );
        await ExpectNothingAsync();

        await api.PutMarketAsync(
            draft,
            new
            {
                name = $"Will {words[4]} happen?",
                description = $"About {words[5]}.",
                endsAt = DateTime.UtcNow.AddDays(9),
                status = "draft",
            }
        );
        await ExpectNothingAsync();
        Assert.Equal($"Will {words[4]} happen?", (await api.ReadMarketAsync(draft)).Text("name"));

        Assert.Equal(204, (await api.DeleteMarketAsync(draft, api.Alice)).Status());
        await ExpectNothingAsync();

        async Task ExpectNothingAsync()
        {
            Assert.Empty(await TracesAsync(draft, words));
            await api.ReindexAsync();
            await api.RefreshAsync();
            Assert.Empty(await TracesAsync(draft, words));
        }
    }

    [Fact]
    public async Task An_imported_draft_leaves_nothing_in_the_index_and_one_that_becomes_a_draft_leaves_it()
    {
        var (draft, published, back) = (Searching.NewWord(), Searching.NewWord(), Searching.NewWord());
        await ImportAsync(draft, "draft");
        Assert.Empty(await api.NamesAsync(draft));
        var id = Assert.Single(
            await api.Database.QueryAsync<Guid>(
                "SELECT id FROM markets WHERE source = 'drafts' AND external_id = 'drafts:1'"
            )
        );
        await api.ReindexAsync();
        await api.RefreshAsync();
        Assert.Empty(await TracesAsync(id, draft));

        await ImportAsync(published, "active");
        await api.ReindexAsync();
        Assert.Equal(id, Assert.Single((await api.SearchAsync(published)).Data().EnumerateArray()).Id());
        await api.RefreshAsync();
        Assert.Equal(
            ["market_signs", "market_vectors", "search_markets", "search_stems", "search_words"],
            await TracesAsync(id, draft, published)
        );

        await ImportAsync(back, "draft");
        await api.ReindexAsync();
        await api.RefreshAsync();
        Assert.Empty(await TracesAsync(id, draft, published, back));
    }

    private async Task<double> ScoreAsync(string query)
    {
        var result = await api.SearchAsync(query);
        return result.Data().EnumerateArray().First().Score();
    }

    /// <summary>The tables of the search that have rows of the market or of the words.</summary>
    private Task<IReadOnlyList<string>> TracesAsync(Guid market, params string[] words) =>
        api.Database.QueryAsync<string>(
            """
            SELECT DISTINCT source
            FROM (
                SELECT 'market_signs' AS source FROM market_signs WHERE market_id = @market
                UNION ALL
                SELECT 'market_vectors' FROM market_vectors WHERE market_id = @market
                UNION ALL
                SELECT 'search_markets'
                FROM search_markets
                WHERE market_id = @market
                    OR tsvector_to_array(name_stems) && @words
                    OR tsvector_to_array(description_stems) && @words
                UNION ALL
                SELECT 'search_stems' FROM search_stems WHERE stem = ANY(@words)
                UNION ALL
                SELECT 'search_unlearned' FROM search_unlearned WHERE market_id = @market
                UNION ALL
                SELECT 'search_words' FROM search_words WHERE word = ANY(@words)
            ) traces
            ORDER BY source
            """,
            new { market, words }
        );

    private async Task ImportAsync(string word, string status)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new
                {
                    externalId = "drafts:1",
                    source = "drafts",
                    name = $"Will {word} be brought in?",
                    description = $"About {word}.",
                    status,
                    volume = 0,
                    createdAt = (DateTime?)null,
                    endsAt = (DateTime?)null,
                }
            ) + "\n"
        );
        Assert.Equal(0, (await Verb.RunAsync(api.Database.ConnectionString, "import", file)).ExitCode);
        File.Delete(file);
    }
}
