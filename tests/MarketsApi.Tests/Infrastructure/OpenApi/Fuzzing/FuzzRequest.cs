using System.Text;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>A request as it is sent.</summary>
/// <param name="Operation">The operation that it is meant for.</param>
/// <param name="Method">The operation's method, or one that its path doesn't have.</param>
/// <param name="Target">Path and query as they go over the line.</param>
/// <param name="Headers">Its headers, those of the body aside.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="ContentType">The body's media type; null for none.</param>
/// <param name="IsChunked">Whether the body goes in chunks, without a length.</param>
internal sealed record FuzzRequest(
    ApiOperation Operation,
    string Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body,
    string? ContentType,
    bool IsChunked
)
{
    /// <summary>The message for a server.</summary>
    public HttpRequestMessage ToMessage(Uri server)
    {
        // Nothing of the target is to be tidied up on its way.
        var target = new Uri(
            server.GetLeftPart(UriPartial.Authority) + Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        var message = new HttpRequestMessage(new HttpMethod(Method), target);
        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            }

            message.Headers.TransferEncodingChunked = IsChunked ? true : null;
        }

        return message;
    }

    /// <summary>The request as text, without secrets: a token only as who it is of.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Operation.Json.GetProperty("operationId").GetString()}: {Method} {Target}");
        foreach (var (name, value) in Headers)
        {
            text.Append(
                $"\n    {name}: {(name == "Authorization" ? value[..Math.Min(20, value.Length)] + "…" : value)}"
            );
        }

        if (Body is not null)
        {
            var body = Encoding.UTF8.GetString(Body);
            text.Append($"\n    Content-Type: {ContentType}{(IsChunked ? ", chunked" : "")}");
            text.Append($"\n    {body[..Math.Min(2_000, body.Length)]}");
        }

        return text.ToString();
    }
}
