using System.Globalization;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The successes: what they say and with which headers.</summary>
internal sealed class OperationResponses : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse success)
            {
                continue;
            }

            success.Description = status switch
            {
                "201" => "Created.",
                "202" => "Accepted; the work is done later.",
                "204" => "Done.",
                "304" => "The resource has not changed; your copy is current.",
                _ when context.Metadata<LinkMetadata>() is not null => "A page of the list.",
                _ => "Done; `data` has the result.",
            };
            success.AddHeader(RequestId.Header, context.Document!);
            if (context.IsApi())
            {
                success.AddHeader(RateLimitHeaders.Policy, context.Document!);
                success.AddHeader(RateLimitHeaders.Name, context.Document!);
            }

            if (status is "201" or "202" && context.Metadata<LocationMetadata>() is not null)
            {
                success.AddHeader("Location", context.Document!);
            }

            if (context.Metadata<EntityTagMetadata>() is not null)
            {
                success.AddHeader("ETag", context.Document!);
            }

            if (context.Metadata<EntityTagMetadata>() is not null && context.Metadata<CacheMetadata>() is not null)
            {
                success.AddHeader("Vary", context.Document!);
            }

            if (context.AllMetadata<RequestHeaderMetadata>().Contains(IdempotencyExtensions.KeyHeader))
            {
                success.AddHeader(IdempotencyKey.ReplayedHeader, context.Document!);
            }

            if (context.Metadata<LinkMetadata>() is not null)
            {
                success.AddHeader("Link", context.Document!);
            }

            if (context.Metadata<CacheMetadata>() is not null)
            {
                success.AddHeader("Age", context.Document!);
                success.AddHeader("Cache-Status", context.Document!);
            }
        }

        return Task.CompletedTask;
    }
}

/// <summary>What the headers of responses mean.</summary>
internal static class ResponseHeaderTexts
{
    private static readonly Dictionary<string, (string Description, OpenApiSchema Schema, string? Example)> Texts = new(
        StringComparer.Ordinal
    )
    {
        [RequestId.Header] = (
            "The request's id: the caller's own X-Request-Id when it has 1 to 64 letters, digits, `.`, `_` or `-`, otherwise a new one. It also appears in the logs.",
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
            "The URL of the next page, with `rel=\"next\"` (RFC 8288). Absent on the last page.",
            new() { Type = JsonSchemaType.String },
            null
        ),
        ["Location"] = (
            "The path of the created resource.",
            new() { Type = JsonSchemaType.String, Format = "uri-reference" },
            null
        ),
        [IdempotencyKey.ReplayedHeader] = (
            "`true` when this is the stored response to the first request with this Idempotency-Key. Absent otherwise.",
            new() { Type = JsonSchemaType.String, Enum = ["true"] },
            "true"
        ),
        ["Age"] = (
            "How many seconds ago the response was read from the database (RFC 9111). Only on cached responses.",
            new() { Type = JsonSchemaType.Integer, Minimum = "0" },
            "3"
        ),
        ["Cache-Status"] = (
            "Whether the response came from a cache, and from which (RFC 9211): `hit` with `detail=memory` or `detail=redis`; `fwd=miss` when it was read from the database; `collapsed` when another request's read was shared; `fwd=bypass` when it is never cached.",
            new() { Type = JsonSchemaType.String },
            "MarketsApi; hit; detail=memory"
        ),
        ["WWW-Authenticate"] = (
            "How to authenticate (RFC 6750 section 3), and what was wrong with the token.",
            new() { Type = JsonSchemaType.String },
            null
        ),
        ["Allow"] = ("The methods that this path supports.", new() { Type = JsonSchemaType.String }, "GET, HEAD, POST"),
        [RateLimitHeaders.Policy] = (
            "The rate limits that apply to the request (draft-ietf-httpapi-ratelimit-headers): each allows a caller `q` requests in any `w` seconds. Absent when no limit applies.",
            new() { Type = JsonSchemaType.String },
            "\"default\";q=100;w=60"
        ),
        [RateLimitHeaders.Name] = (
            "The caller's remaining quota for each limit: `r` requests are left, and more become available in `t` seconds.",
            new() { Type = JsonSchemaType.String },
            "\"default\";r=99;t=60"
        ),
        ["Retry-After"] = (
            "The number of seconds to wait before trying again.",
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
                example is not null && schema.Type == JsonSchemaType.Integer
                    ? int.Parse(example, CultureInfo.InvariantCulture)
                    : example,
        };
    }
}
