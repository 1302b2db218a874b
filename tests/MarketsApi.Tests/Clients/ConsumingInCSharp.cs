using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MarketsApi.Tests.Clients;

/// <summary>The C# of docs/consuming.md: each region is one of its listings, word for word.</summary>
internal sealed class ConsumingInCSharp(string url, string token)
{
    /// <summary>What the listings have written.</summary>
    public StringWriter Console { get; } = new();

    public async Task RunAsync()
    {
        #region 1
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var me = await http.GetFromJsonAsync<JsonElement>("/api/me");
        Console.WriteLine(me.GetProperty("data").GetProperty("permissions"));
        #endregion
        Console.WriteLine(ConsumingGuide.Mark);

        #region 2
        var (count, next) = (0, "/api/markets?category=weather&limit=100");
        while (next is not null)
        {
            var page = await http.GetFromJsonAsync<JsonElement>(next);
            count += page.GetProperty("data").GetArrayLength();
            var cursor = page.GetProperty("meta").GetProperty("nextCursor").GetString();
            next = cursor is null ? null : $"/api/markets?category=weather&limit=100&cursor={cursor}";
        }

        Console.WriteLine($"{count} markets");
        #endregion
        Console.WriteLine(ConsumingGuide.Mark);

        #region 3
        var blank = new { name = "?", endsAt = "2030-03-03T18:00:00Z" };
        using var rejected = await http.PostAsJsonAsync("/api/markets", blank);
        var problem = await rejected.Content.ReadFromJsonAsync<JsonElement>();
        if (problem.GetProperty("type").GetString() == "urn:marketsapi:problem:validation-failed")
        {
            foreach (var detail in problem.GetProperty("details").EnumerateArray())
            {
                Console.WriteLine($"{detail.GetProperty("field")}: {detail.GetProperty("code")}");
            }
        }
        #endregion
        Console.WriteLine(ConsumingGuide.Mark);

        #region 4
        async Task<HttpResponseMessage> PostOnceAsync(string path, object body, string key)
        {
            for (var tries = 1; ; tries++)
            {
                HttpResponseMessage? response = null;
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, path)
                    {
                        Content = JsonContent.Create(body),
                    };
                    request.Headers.Add("Idempotency-Key", key);
                    response = await http.SendAsync(request);
                    // Retry-After is there on 429, 503 and the 409 that means "still under way", and nowhere else.
                    if (response.Headers.RetryAfter is null || tries == 5)
                    {
                        return response;
                    }
                }
                catch (HttpRequestException) when (tries < 5)
                {
                    // No response, or only part of one.
                }

                var jitter = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * 200 * (1 << tries));
                await Task.Delay((response?.Headers.RetryAfter?.Delta ?? TimeSpan.Zero) + jitter);
            }
        }

        var rain = new { name = "Will it rain in Ghent on Sunday?", endsAt = "2030-03-03T18:00:00Z" };
        using var created = await PostOnceAsync("/api/markets", rain, $"rain-{Guid.NewGuid()}");
        Console.WriteLine($"{(int)created.StatusCode} {created.Headers.Location}");
        #endregion
        Console.WriteLine(ConsumingGuide.Mark);

        #region 5
        using var seen = await http.GetAsync(created.Headers.Location);
        using var read = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        read.Headers.IfNoneMatch.Add(seen.Headers.ETag!);
        using var unchanged = await http.SendAsync(read);
        Console.WriteLine(unchanged.StatusCode);

        foreach (var description in (string[])["At the airport.", "In the city."])
        {
            using var patch = new HttpRequestMessage(HttpMethod.Patch, created.Headers.Location);
            patch.Content = JsonContent.Create(new { description });
            patch.Headers.IfMatch.Add(seen.Headers.ETag!);
            using var changed = await http.SendAsync(patch);
            Console.WriteLine(changed.StatusCode);
        }
        #endregion
        Console.WriteLine(ConsumingGuide.Mark);

        #region 6
        using var first = await http.GetAsync("/api/markets?limit=1");
        Console.WriteLine(
            first.Headers.TryGetValues("RateLimit", out var left) ? string.Join(", ", left) : "There is no limit here."
        );
        #endregion
        Console.WriteLine(ConsumingGuide.Mark);
    }
}
