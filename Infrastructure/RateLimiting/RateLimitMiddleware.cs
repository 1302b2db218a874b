using Microsoft.Extensions.Primitives;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>Lets a request through while its caller is within the limits, and says on each response how they stand.</summary>
/// <remarks>It goes behind authentication: a good token counts for its user, a bad one or none for the address that it came from.</remarks>
internal sealed class RateLimitMiddleware(
    RequestDelegate next,
    RateLimitSettings settings,
    RateLimiter limiter,
    RateLimitMetrics metrics
)
{
    private static readonly PathString Api = "/api";
    private static readonly PathString[] Free = ["/health", "/openapi", "/docs"];

    public Task InvokeAsync(HttpContext context)
    {
        if (!settings.Enabled || IsFree(context.Request.Path))
        {
            return next(context);
        }

        var lease = limiter.Charge(limiter.PlanOf(context), RateLimitCaller.Of(context));
        return lease.IsPermitted && limiter.IsShared ? CountSharedAsync(context, lease) : Decide(context, lease);
    }

    /// <summary>Routing doesn't tell upper case from lower, so neither does this.</summary>
    private static bool IsFree(PathString path) =>
        !path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase)
        && Array.Exists(Free, free => path.StartsWithSegments(free, StringComparison.OrdinalIgnoreCase));

    private async Task CountSharedAsync(HttpContext context, RateLimitLease lease)
    {
        await limiter.ChargeSharedAsync(lease);
        await Decide(context, lease);
    }

    private Task Decide(HttpContext context, RateLimitLease lease)
    {
        metrics.Decided(lease);
        var response = new CountedResponse(context.Response, lease, limiter);
        context.Features.Set(response);
        context.Response.OnStarting(CountedResponse.Start, response);
        return lease.IsPermitted ? next(context) : ProblemFor(lease).ExecuteAsync(context);
    }

    /// <summary>A 429 that names the exceeded limits, and when the request would pass.</summary>
    private static ProblemResult ProblemFor(RateLimitLease lease)
    {
        var violated = new List<string>();
        var seconds = 1;
        for (var i = 0; i < lease.Plan.Policies.Length; i++)
        {
            var state = lease.Of(i);
            if (!state.IsPermitted)
            {
                violated.Add(lease.Plan.Policies[i].Name);
                seconds = Math.Max(seconds, state.WaitSeconds);
            }
        }

        return ProblemResult.Of(Problems.RateLimitExceeded, retryAfterSeconds: seconds, violatedPolicies: violated);
    }
}

/// <summary>A response whose request has been counted.</summary>
internal sealed class CountedResponse(HttpResponse response, RateLimitLease lease, RateLimiter limiter)
{
    /// <summary>Whether the request doesn't count if its response is 304.</summary>
    public bool IsFreeWhenNotModified { get; set; }

    /// <summary>Settles what the request costs and says how its caller stands, when the response starts.</summary>
    public static Task Start(object state)
    {
        ((CountedResponse)state).Start();
        return Task.CompletedTask;
    }

    private void Start()
    {
        if (IsFreeWhenNotModified && response.StatusCode == StatusCodes.Status304NotModified)
        {
            limiter.GiveBack(lease);
        }

        RateLimitHeaders.Set(response.Headers, lease);
    }
}

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
