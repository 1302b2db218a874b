using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>The requests of the tests of cached responses.</summary>
internal static class CacheRequests
{
    public const string InMemory = "MarketsApi; hit; detail=memory";
    public const string Miss = "MarketsApi; fwd=miss";
    public const string Bypass = "MarketsApi; fwd=bypass";

    /// <summary>The Cache-Status header.</summary>
    public static string CacheStatus(this HttpResponseMessage response) => response.Header("Cache-Status");

    /// <summary>A header of the response or of its body, as it was sent; empty when it wasn't.</summary>
    public static string Header(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString()
        : response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString()
        : "";

    /// <summary>The envelope's data.</summary>
    public static async Task<JsonElement> DataAsync(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");

    /// <summary>Sends a request, from a user or without a token.</summary>
    public static async Task<HttpResponseMessage> AskAsync(
        this ApiFixture api,
        HttpMethod method,
        string path,
        User? user = null,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = user is null ? null : new AuthenticationHeaderValue("Bearer", user.Token);
        request.Content = body is null ? null : JsonContent.Create(body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await api.Live.Client.SendAsync(request);
    }

    /// <summary>Reads, with a user's token or without one.</summary>
    public static Task<HttpResponseMessage> ReadAsync(
        this ApiFixture api,
        string path,
        User? user = null,
        params (string Name, string Value)[] headers
    ) => api.AskAsync(HttpMethod.Get, path, user, null, headers);

    /// <summary>Creates a market, and returns its path.</summary>
    public static async Task<string> MakeAsync(this ApiFixture api, object? body = null)
    {
        using var response = await api.AskAsync(
            HttpMethod.Post,
            "/api/markets",
            api.Alice,
            body ?? ApiFixture.NewMarket()
        );
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return $"/api/markets/{(await response.DataAsync()).Id()}";
    }

    /// <summary>Creates a market, and reads it until it is cached in memory.</summary>
    public static async Task<string> MakeCachedAsync(this ApiFixture api)
    {
        var path = await api.MakeAsync();
        using var first = await api.ReadAsync(path);
        using var second = await api.ReadAsync(path);
        Assert.Equal(InMemory, second.CacheStatus());
        return path;
    }

    /// <summary>Changes a market.</summary>
    public static async Task PatchAsync(this ApiFixture api, string path, object body)
    {
        using var response = await api.AskAsync(HttpMethod.Patch, path, api.Alice, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
