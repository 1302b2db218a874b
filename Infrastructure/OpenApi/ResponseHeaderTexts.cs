using System.Globalization;
using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Observability;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>What the headers of answers mean.</summary>
internal static class ResponseHeaderTexts
{
    private static readonly Dictionary<string, (string Description, OpenApiSchema Schema, string Example)> Texts = new(
        StringComparer.Ordinal
    )
    {
        [RequestId.Header] = (
            "The request's id: the caller's own X-Request-Id when it is 1 to 64 of letters, digits, `.`, `_` and `-`, else a new one. It is in the logs, too.",
            new() { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9._-]{1,64}$" },
            "01a20254a53e71d0a0f94be71afff286"
        ),
        ["ETag"] = (
            "The entity tag, `\"<version>.<revision>\"`; a compressed response adds its coding, `\"<version>.<revision>-gzip\"`. Send it as If-None-Match when reading and as If-Match when writing.",
            new() { Type = JsonSchemaType.String },
            "\"3.17\""
        ),
        ["Vary"] = (
            "`Accept-Encoding`: each content coding is a representation of its own, with its own entity tag.",
            new() { Type = JsonSchemaType.String },
            "Accept-Encoding"
        ),
        ["Link"] = (
            "The address of the next page, with `rel=\"next\"` (RFC 8288); absent on the last one.",
            new() { Type = JsonSchemaType.String },
            "</api/markets?limit=20&cursor=AbC>; rel=\"next\""
        ),
        ["Location"] = (
            "The path of what was created.",
            new() { Type = JsonSchemaType.String, Format = "uri-reference" },
            "/api/markets/0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d"
        ),
        [IdempotencyKey.ReplayedHeader] = (
            "`true` on an answer that was given before, to the first request with this Idempotency-Key; else absent.",
            new() { Type = JsonSchemaType.String, Enum = ["true"] },
            "true"
        ),
        ["Age"] = (
            "How many seconds ago the database said so (RFC 9111); only on answers that were kept.",
            new() { Type = JsonSchemaType.Integer, Minimum = "0" },
            "3"
        ),
        ["Cache-Status"] = (
            "Whether the answer was kept, and where (RFC 9211): `hit` with `detail=memory` or `detail=redis`, `fwd=miss` when it is fresh, `collapsed` when it was read together with somebody else's request, `fwd=bypass` when it is never kept.",
            new() { Type = JsonSchemaType.String },
            "MarketsApi; hit; detail=memory"
        ),
        ["WWW-Authenticate"] = (
            "How to authenticate (RFC 6750 section 3).",
            new() { Type = JsonSchemaType.String },
            "Bearer realm=\"markets-api\""
        ),
        ["Allow"] = ("The methods that this path has.", new() { Type = JsonSchemaType.String }, "GET, HEAD, POST"),
        [RateLimitHeaders.Policy] = (
            "The limits that the request counts for (draft-ietf-httpapi-ratelimit-headers): each lets a caller have `q` requests within any `w` seconds. Absent where there are none.",
            new() { Type = JsonSchemaType.String },
            "\"default\";q=100;w=60"
        ),
        [RateLimitHeaders.Name] = (
            "How the caller stands with each of them: `r` requests are left, and in `t` seconds there are more.",
            new() { Type = JsonSchemaType.String },
            "\"default\";r=99;t=60"
        ),
        ["Retry-After"] = (
            "After how many seconds another try is worth it.",
            new() { Type = JsonSchemaType.Integer, Minimum = "1" },
            "2"
        ),
    };

    /// <summary>The header, for the document's components.</summary>
    public static OpenApiHeader Header(string name)
    {
        var (description, schema, example) = Texts[name];
        return new OpenApiHeader
        {
            Description = description,
            Schema = schema,
            Example =
                schema.Type == JsonSchemaType.Integer ? int.Parse(example, CultureInfo.InvariantCulture) : example,
        };
    }
}
