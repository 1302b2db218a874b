using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>The index of words follows every write at once; the job adds corrections for misspelt new words.</summary>
public sealed class SearchMarketsChangeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Each_change_is_seen_by_the_next_search()
    {
        var (first, second, third, fourth) = (
            Searching.NewWord(),
            Searching.NewWord(),
            Searching.NewWord(),
            Searching.NewWord()
        );
        Assert.Empty(await api.NamesAsync(first));

        var market = await api.CreateMarketAsync(
            api.Alice,
            new
            {
                name = $"Will {first} happen?",
                description = $"About {second}.",
                endsAt = DateTime.UtcNow.AddDays(9),
            }
        );
        await ExpectAsync(first, second);
        Assert.Empty(await api.NamesAsync(third));

        await SendAsync(HttpMethod.Patch, market.Id(), new { description = $"About {third}." });
        await ExpectAsync(first, third);
        Assert.Empty(await api.NamesAsync(second));

        await SendAsync(HttpMethod.Patch, market.Id(), new { category = "weather" });
        await ExpectAsync(first, third);

        await SendAsync(
            HttpMethod.Put,
            market.Id(),
            new
            {
                name = $"Will {fourth} happen?",
                endsAt = DateTime.UtcNow.AddDays(9),
                status = "active",
            }
        );
        await ExpectAsync(fourth);
        Assert.Empty(await api.NamesAsync(first));
        Assert.Empty(await api.NamesAsync(third));

        await SendAsync(HttpMethod.Delete, market.Id(), null);
        Assert.Empty(await api.NamesAsync(fourth));
        Assert.Empty(
            await api.Database.QueryAsync<Guid>(
                "SELECT market_id FROM search_markets WHERE market_id = @Id",
                new { Id = market.Id() }
            )
        );

        async Task ExpectAsync(params string[] words)
        {
            foreach (var word in words)
            {
                var found = Assert.Single((await api.SearchAsync(word)).Data().EnumerateArray());
                Assert.Equal(market.Id(), found.Id());
            }
        }
    }

    [Fact]
    public async Task A_draft_is_found_once_it_is_active()
    {
        var word = Searching.NewWord();
        var draft = await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket($"Will {word} happen?", "draft"));
        Assert.Empty(await api.NamesAsync(word));

        await SendAsync(HttpMethod.Patch, draft.Id(), new { status = "active" });

        Assert.Single(await api.NamesAsync(word));
    }

    [Fact]
    public async Task An_import_is_found_at_once_and_so_is_what_it_changes()
    {
        var (first, second) = (Searching.NewWord(), Searching.NewWord());
        await ImportAsync(first);
        Assert.Single(await api.NamesAsync(first));

        await ImportAsync(second);
        Assert.Empty(await api.NamesAsync(first, "&limit=11"));
        Assert.Single(await api.NamesAsync(second));

        async Task ImportAsync(string word)
        {
            var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
            await File.WriteAllTextAsync(
                file,
                $$"""{"externalId": "s:1", "source": "s", "name": "Will {{word}} be brought in?", "description": null, "category": null, "status": null, "volume": null, "creator": null, "createdAt": null, "endsAt": null, "outcome": null}"""
                    + "\n"
            );
            Assert.Equal(0, (await Verb.RunAsync(api.Database.ConnectionString, "import", file)).ExitCode);
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_misspelling_of_a_new_word_is_corrected_after_the_job()
    {
        var word = Searching.NewWord();
        await api.CreateMarketAsync(api.Alice, ApiFixture.NewMarket($"Will {word} happen?"));
        var misspelt = word[..4] + word[5..];

        await api.Database.ExecuteAsync("SELECT search_refresh(false)");

        Assert.Single(await api.NamesAsync(misspelt));
        Assert.Single(await api.NamesAsync(word[..6]));
    }

    [Fact]
    public async Task Markets_with_the_same_new_words_are_made_at_once_without_waiting_for_each_other()
    {
        var words = Enumerable.Range(0, 12).Select(_ => Searching.NewWord()).ToArray();

        await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(n =>
                {
                    var order = words.OrderBy(_ => Random.Shared.Next()).ToArray();
                    return api.CreateMarketAsync(
                        api.Alice,
                        new
                        {
                            name = string.Join(' ', order),
                            description = string.Join(' ', order.Reverse()),
                            endsAt = DateTime.UtcNow.AddDays(9),
                        }
                    );
                })
                .Append(api.RefreshAsync())
                .Append(api.RefreshAsync())
        );
        await api.Database.ExecuteAsync("SELECT search_refresh(false)");

        Assert.Equal(50, (await api.NamesAsync(words[3], "&limit=50")).Count);
        Assert.Equal(
            words.Length,
            (
                await api.Database.QueryAsync<string>(
                    "SELECT word FROM search_words WHERE word = ANY(@words)",
                    new { words }
                )
            ).Count
        );
    }

    private async Task SendAsync(HttpMethod method, Guid id, object? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/markets/{id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Moderator.Token);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await api.Live.Client.SendAsync(request);
        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent,
            await response.Content.ReadAsStringAsync()
        );
    }
}
