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
                "304" => "What you have is still good.",
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
