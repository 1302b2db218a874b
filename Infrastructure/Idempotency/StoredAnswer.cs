using MarketsApi.Infrastructure.Http;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>The first answer to a request, given again word for word.</summary>
internal sealed record StoredAnswer : IResult
{
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
        return ReadyBody.SendAsync(response, Body);
    }
}
