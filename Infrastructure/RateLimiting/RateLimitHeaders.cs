using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>What responses say about limits (draft-ietf-httpapi-ratelimit-headers: structured fields, one member for each limit).</summary>
internal static class RateLimitHeaders
{
    /// <summary>The limits: <c>q</c> permits in <c>w</c> seconds.</summary>
    public const string Policy = "RateLimit-Policy";

    /// <summary>How the caller stands: <c>r</c> permits remain, and more do in <c>t</c> seconds.</summary>
    public const string Name = "RateLimit";

    /// <summary>Puts them on a response that is about to start.</summary>
    public static void Set(IHeaderDictionary headers, RateLimitLease lease)
    {
        headers[Policy] = lease.Plan.Header;
        headers[Name] =
            lease.Plan.Policies.Length == 1
                ? Text(lease, 0)
                : string.Join(", ", Enumerable.Range(0, lease.Plan.Policies.Length).Select(i => Text(lease, i)));
    }

    private static StringValues Text(RateLimitLease lease, int policy)
    {
        var state = lease.Of(policy);
        return lease.Plan.Policies[policy].Text(state.Remaining, state.WaitSeconds);
    }
}
