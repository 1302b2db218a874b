using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>Lets a request through while its caller is within the limits, and says on each answer how they stand.</summary>
/// <remarks>
/// A token is judged here, in front of all else, since who is counted depends on it; what comes behind finds the result. A bad one counts for the
/// address that it came from, and so does a request without one.
/// </remarks>
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

        var facts = RequestLogContext.Of(context);
        return context.Request.Headers.Authorization.Count == 0
            ? Count(context, facts, RateLimitCaller.Of(facts.Client))
            : IdentifyAsync(context, facts);
    }

    /// <summary>Routing doesn't tell upper case from lower, so neither does this.</summary>
    private static bool IsFree(PathString path) =>
        !path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase)
        && Array.Exists(Free, free => path.StartsWithSegments(free, StringComparison.OrdinalIgnoreCase));

    private async Task IdentifyAsync(HttpContext context, RequestLogContext facts)
    {
        await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        await Count(
            context,
            facts,
            Caller.Of(context).UserId is { } userId ? RateLimitCaller.Of(userId) : RateLimitCaller.Of(facts.Client)
        );
    }

    private Task Count(HttpContext context, RequestLogContext facts, RateLimitCaller caller)
    {
        var verdict = limiter.Charge(limiter.PlanOf(context.GetEndpoint()), caller);
        facts.RateLimit = verdict;
        return verdict.IsPermitted && limiter.IsShared ? CountSharedAsync(context, verdict) : Decide(context, verdict);
    }

    private async Task CountSharedAsync(HttpContext context, RateLimitLease verdict)
    {
        await limiter.ChargeSharedAsync(verdict);
        await Decide(context, verdict);
    }

    private Task Decide(HttpContext context, RateLimitLease verdict)
    {
        metrics.Decided(verdict);
        RateLimitHeaders.Set(context, verdict);
        if (!verdict.IsPermitted)
        {
            return RateLimitProblem.Of(verdict).ExecuteAsync(context);
        }

        var answering = next(context);
        if (!answering.IsCompletedSuccessfully)
        {
            return SettleAfterAsync(answering, context, verdict);
        }

        Settle(context, verdict);
        return answering;
    }

    private async Task SettleAfterAsync(Task answering, HttpContext context, RateLimitLease verdict)
    {
        await answering;
        Settle(context, verdict);
    }

    /// <summary>Whoever asks whether anything is new, and nothing is, pays nothing.</summary>
    private void Settle(HttpContext context, RateLimitLease verdict)
    {
        if (context.Response.StatusCode == StatusCodes.Status304NotModified)
        {
            limiter.GiveBack(verdict);
            if (!context.Response.HasStarted)
            {
                RateLimitHeaders.Set(context, verdict);
            }
        }
    }
}
