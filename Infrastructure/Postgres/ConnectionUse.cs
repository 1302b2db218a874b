namespace MarketsApi.Infrastructure.Postgres;

/// <summary>For whom a connection is taken, for how much work, and how long to wait for it.</summary>
/// <param name="Caller">The caller of the request; null for what the program does on its own account.</param>
/// <param name="IsDear">Whether it keeps the database's processors busy.</param>
/// <param name="Wait">How long to wait while no connection is free.</param>
internal readonly record struct ConnectionUse(RateLimitCaller? Caller, bool IsDear, ConnectionWait Wait)
{
    /// <summary>What the program does on its own account while a request waits for it, such as reading what all requests share.</summary>
    public static readonly ConnectionUse OfProgram = new(null, IsDear: false, ConnectionWait.Limited);

    /// <summary>What jobs do.</summary>
    public static readonly ConnectionUse OfJobs = new(null, IsDear: false, ConnectionWait.Unlimited);

    /// <summary>What a request does: for the same caller as its rate limit counts, and dear where that counts more than 1.</summary>
    public static ConnectionUse Of(HttpContext context) =>
        new(RateLimitCaller.Of(context), RateLimitMetadata.CostOf(context) > 1, ConnectionWait.Limited);
}

/// <summary>How long to wait for a connection while none is free.</summary>
internal enum ConnectionWait
{
    /// <summary>As a request does: for a moment, since its caller gives up.</summary>
    Limited,

    /// <summary>As a job does: for as long as it takes.</summary>
    Unlimited,
}
