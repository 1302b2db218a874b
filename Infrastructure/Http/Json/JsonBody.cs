namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>A body that is already serialized: JSON in UTF-8.</summary>
internal static class JsonBody
{
    /// <summary>Sends it in one piece, with its length.</summary>
    /// <remarks>RequestAborted is not used: reading it allocates a token, and the server drops unread responses itself.</remarks>
    public static Task SendAsync(
        HttpResponse response,
        ReadOnlyMemory<byte> body,
        string contentType = "application/json; charset=utf-8"
    )
    {
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }
}
