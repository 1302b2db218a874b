namespace MarketsApi.Infrastructure.Postgres;

/// <summary>For whom a connection is taken, how much of that caller's share it takes, and how long to wait for it.</summary>
/// <param name="Caller">The caller of the request; null for what the program does on its own account.</param>
/// <param name="Cost">How much of the caller's share it takes; more than 1 for what keeps the database busy.</param>
/// <param name="Wait">How long to wait while no connection is free.</param>
internal readonly record struct ConnectionUse(RateLimitCaller? Caller, int Cost, ConnectionWait Wait)
{
    /// <summary>What the program does on its own account while a request waits for it, such as reading what all requests share.</summary>
    public static readonly ConnectionUse OfProgram = new(null, 1, ConnectionWait.Limited);

    /// <summary>What jobs do.</summary>
    public static readonly ConnectionUse OfJobs = new(null, 1, ConnectionWait.Unlimited);

    /// <summary>What a request does: the same caller, and the same cost, as its rate limit counts.</summary>
    public static ConnectionUse Of(HttpContext context) =>
        new(RateLimitCaller.Of(context), RateLimitMetadata.CostOf(context), ConnectionWait.Limited);
}

/// <summary>How long to wait for a connection while none is free.</summary>
internal enum ConnectionWait
{
    /// <summary>As a request does: for a moment, since its caller gives up.</summary>
    Limited,

    /// <summary>As a job does: for as long as it takes.</summary>
    Unlimited,
}
