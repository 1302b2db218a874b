namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>The answer to a request over a limit.</summary>
internal static class RateLimitProblem
{
    /// <summary>A 429 that names the limits which refused, and when the request would pass.</summary>
    public static ProblemResult Of(RateLimitLease verdict)
    {
        var violated = new List<string>();
        var seconds = 1;
        for (var i = 0; i < verdict.Plan.Policies.Length; i++)
        {
            var standing = verdict.Of(i);
            if (!standing.IsPermitted)
            {
                violated.Add(verdict.Plan.Policies[i].Name);
                seconds = Math.Max(seconds, standing.WaitSeconds);
            }
        }

        return ProblemResult.Of(Problems.RateLimitExceeded, retryAfterSeconds: seconds, violatedPolicies: violated);
    }
}
