using System.Net.Http.Headers;
using System.Text;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.Idempotency;

/// <summary>POSTs with an Idempotency-Key.</summary>
internal static class KeyedRequests
{
    public static string NewKey() => Guid.NewGuid().ToString();

    public static string NewMarket(string? name = null) =>
        $$"""{"name":"{{name ?? $"Will it be once? {Guid.NewGuid():N}"}}","endsAt":"2099-01-01T00:00:00Z"}""";

    public static async Task<KeyedResponse> PostAsync(
        this HttpClient client,
        string url,
        string body,
        User user,
        params string[] keys
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        foreach (var key in keys)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return new KeyedResponse(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            Header("Location"),
            Header("ETag"),
            Header("Idempotency-Replayed"),
            Header("Retry-After"),
            response.Content.Headers.ContentType?.ToString()
        );

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }
}
