namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>What is known of a key, and the first answer if there is one, given again word for word.</summary>
internal sealed record StoredResponse : IResult
{
    /// <summary>Whether this transaction holds the key now.</summary>
    public bool IsClaimed { get; init; }

    /// <summary>When the first answer was given; null when there is none.</summary>
    public DateTime? CreatedAt { get; init; }

    public byte[] Fingerprint { get; init; } = [];

    public short Status { get; init; }

    public string? Location { get; init; }

    public string? EntityTag { get; init; }

    public byte[] Body { get; init; } = [];

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.Location = Location;
        response.Headers.ETag = EntityTag;
        response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        return JsonBody.SendAsync(response, Body);
    }
}
