using System.Net.Http.Headers;
using System.Text;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Requests whose body is written out byte for byte, which a scenario (objects in, JSON out) can't send.</summary>
internal static class RawRequests
{
    /// <summary>Sends this text as JSON, as Alice unless another user is given.</summary>
    public static Task<RawResponse> SendAsync(
        this ApiFixture api,
        string method,
        string url,
        string body,
        string? token = null,
        params (string Name, string Value)[] headers
    ) => api.SendBytesAsync(method, url, Encoding.UTF8.GetBytes(body), "application/json", token, headers);

    /// <summary>Sends these bytes as this media type (none when null), as Alice unless another user is given; an empty token sends none.</summary>
    public static async Task<RawResponse> SendBytesAsync(
        this ApiFixture api,
        string method,
        string url,
        byte[] body,
        string? contentType,
        string? token = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url)
        {
            Content = new ByteArrayContent(body),
        };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (token is not "")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? api.Alice.Token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await api.SendAsync(request);
    }

    /// <summary>Sends a request as it is.</summary>
    public static async Task<RawResponse> SendAsync(this ApiFixture api, HttpRequestMessage request)
    {
        using var response = await api.Live.Client.SendAsync(request);
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value.Select(value => (header.Key, value)))
            .ToLookup(header => header.Key, header => header.value, StringComparer.OrdinalIgnoreCase);
        return new RawResponse((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }
}
