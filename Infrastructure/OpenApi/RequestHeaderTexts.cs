using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Observability;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>What the headers of requests mean.</summary>
internal static class RequestHeaderTexts
{
    /// <summary>An entity tag (RFC 9110 section 8.8.3), weak or not.</summary>
    private const string Tag = """(W/)?"[!#-~\u0080-\uffff]*" *""";

    private static readonly Dictionary<string, (string Description, string? Pattern)> Texts = new(
        StringComparer.Ordinal
    )
    {
        [RequestId.Header] = (
            "An id of your own for this request, 1 to 64 of letters, digits, `.`, `_` and `-`; it comes back in the answer and is in the logs. Another text is ignored and a new id made.",
            null
        ),
        [IdempotencyKey.Header] = (
            "A key of your own, new for each thing to do: 1 to 255 printable ASCII characters without blanks. Sent again within 24 hours, by the same caller and with the same body, it gives the first answer again instead of doing it twice (draft-ietf-httpapi-idempotency-key-header). Refusals are not kept.",
            "^[!-~]{1,255}$"
        ),
        ["If-Match"] = (
            "The versions that you accept (RFC 9110 section 13.1.1): entity tags of which the version part counts, so `\"3.17\"`, `\"3.17-gzip\"` and `\"3\"` all mean version 3, or `*` for any. A weak or foreign tag matches nothing. On a read it is a precondition, too.",
            $@"^(\*|{Tag}(, *{Tag})*)$"
        ),
        ["If-None-Match"] = (
            "The entity tags that you have (RFC 9110 section 13.1.2), or `*`. A read responds 304 while one of them is current; a write responds 412 when one of them names the present version. A malformed value is ignored.",
            null
        ),
    };

    /// <summary>The header as a parameter, for the document's components.</summary>
    public static OpenApiParameter Parameter(string name)
    {
        var (description, pattern) = Texts.TryGetValue(name, out var text)
            ? text
            : throw new InvalidOperationException(
                $"The header {name} is not described: add it to {nameof(RequestHeaderTexts)}."
            );
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
        };
    }
}
