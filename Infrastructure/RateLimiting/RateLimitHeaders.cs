using MarketsApi.Infrastructure.Observability;
using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>What answers say about limits (draft-ietf-httpapi-ratelimit-headers: structured fields, one member for each limit).</summary>
internal static class RateLimitHeaders
{
    /// <summary>The limits: <c>q</c> permits in <c>w</c> seconds.</summary>
    public const string Policy = "RateLimit-Policy";

    /// <summary>How the caller stands: <c>r</c> permits remain, and more do in <c>t</c> seconds.</summary>
    public const string Name = "RateLimit";

    /// <summary>Puts them on the answer.</summary>
    public static void Set(HttpContext context, RateLimitLease verdict)
    {
        var headers = context.Response.Headers;
        headers[Policy] = verdict.Plan.Header;
        headers[Name] =
            verdict.Plan.Policies.Length == 1
                ? Text(verdict, 0)
                : string.Join(", ", Enumerable.Range(0, verdict.Plan.Policies.Length).Select(i => Text(verdict, i)));
    }

    /// <summary>Puts them on again, where an answer has been begun anew.</summary>
    public static void SetAgain(HttpContext context)
    {
        if (RequestLogContext.Of(context).RateLimit is { } verdict)
        {
            Set(context, verdict);
        }
    }

    private static StringValues Text(RateLimitLease verdict, int policy)
    {
        var standing = verdict.Of(policy);
        return verdict.Plan.Policies[policy].Text(standing.Remaining, standing.WaitSeconds);
    }
}
