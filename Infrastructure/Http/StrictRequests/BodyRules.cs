using Microsoft.AspNetCore.Http.Features;

namespace MarketsApi.Infrastructure.Http.StrictRequests;

/// <summary>What the body of a request may be: its media type, its charset, its size.</summary>
internal static class BodyRules
{
    /// <summary>The largest body that is read, in bytes.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>
    /// The most that is read of a connection for one body, in bytes with the framing of its chunks. What is beyond <see cref="MaxBytes"/> is
    /// thrown away after the response: a client that is still sending when the connection closes may never see it (RFC 9112 section 9.6).
    /// </summary>
    public const int MaxDiscardedBytes = 4 * 1024 * 1024;

    private const string ContentCodings = "Send the body as it is, without a Content-Encoding such as gzip";

    /// <summary>What to tell a caller whose body is of another media type or charset.</summary>
    public static string Expected(IEnumerable<string> mediaTypes) =>
        $"Send the body as {string.Join(" or ", mediaTypes)}, in UTF-8";

    /// <summary>Whether there is a body to look at, or has to be one.</summary>
    public static bool IsExpected(HttpContext context, RequestSignature signature) =>
        signature.MediaTypes.Count > 0
        && !(
            signature.IsBodyOptional
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
        );

    /// <summary>Reads the body within the request's time, which the framework's binding doesn't know of; up to one byte more than is allowed.</summary>
    /// <exception cref="BadHttpRequestException">It can't be read.</exception>
    public static async Task ReadAsync(HttpContext context, RequestSignature signature)
    {
        var request = context.Request;
        var body = new byte[request.ContentLength ?? MaxBytes + 1];
        int length;
        try
        {
            length = await request.Body.ReadAtLeastAsync(body, body.Length, false, context.RequestAborted);
        }
        catch (IOException exception)
            when (exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // The server's own word for some broken chunks; it is the client's error like the others.
            throw new BadHttpRequestException("The body could not be read.", exception);
        }

        request.Body = new MemoryStream(body, 0, length, writable: false);
        if (length == 0 && signature.IsBodyOptional)
        {
            // An empty chunked body counts as no content (RFC 9112 section 6), so the body was left out.
            context.Features.Set<IHttpRequestBodyDetectionFeature>(new NoBody());
        }
    }

    /// <summary>Whether a body is known to be too large, so that it isn't used.</summary>
    public static bool IsTooLarge(HttpRequest request) =>
        (request.ContentLength ?? (request.Body as MemoryStream)?.Length) > MaxBytes;

    /// <summary>The problem with a body that is there, before it is parsed.</summary>
    public static ProblemResult? ProblemOf(HttpRequest request, IReadOnlyList<string> mediaTypes)
    {
        if (IsTooLarge(request))
        {
            return ProblemResult.Of(Problems.BodyTooLarge);
        }

        var type = request.GetTypedHeaders().ContentType;
        var isAccepted =
            type is not null
            && mediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Value?.Trim('"').ToUpperInvariant() is "UTF-8" or "UTF8");
        if (!isAccepted)
        {
            return ProblemResult.Of(Problems.UnsupportedMediaType, Expected(mediaTypes));
        }

        if (!HasPlainBody(request))
        {
            // What RFC 9110 section 15.5.16 answers a coding with: the codings that would have been read.
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            return ProblemResult.Of(Problems.UnsupportedMediaType, ContentCodings);
        }

        // The framework looks the charset up by name and knows neither quotes nor aliases; without one it reads UTF-8.
        if (type!.Charset.HasValue)
        {
            request.ContentType = type.MediaType.Value;
        }

        return null;
    }

    /// <remarks>A body that is packed would be called broken JSON, and one that only claims to be packed would pass.</remarks>
    private static bool HasPlainBody(HttpRequest request) =>
        request
            .Headers.ContentEncoding.SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries))
            .All(coding => coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private sealed class NoBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => false;
    }
}
