namespace MarketsApi.Infrastructure.RateLimiting;

/// <summary>How a caller stands with a limit, after a request has been counted or refused.</summary>
/// <param name="IsPermitted">Whether the limit lets the request through.</param>
/// <param name="Remaining">How many permits are left.</param>
/// <param name="Wait">Seconds until the first of the used permits comes back, or until the refused request would pass; 0 when none is used.</param>
/// <param name="Bucket">Where the request was counted.</param>
internal readonly record struct WindowState(bool IsPermitted, int Remaining, double Wait, long Bucket)
{
    /// <summary><see cref="Wait"/> in whole seconds: after that many it is over.</summary>
    public int WaitSeconds => (int)Math.Ceiling(Wait);
}
