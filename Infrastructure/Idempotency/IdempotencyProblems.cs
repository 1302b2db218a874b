namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>The kinds of problem of draft-ietf-httpapi-idempotency-key-header, section 2.7.</summary>
public static class IdempotencyProblems
{
    /// <summary>The first request with this key is not answered yet; worth another try after Retry-After seconds.</summary>
    public static readonly Problem Outstanding = new(
        409,
        "idempotency-key-outstanding",
        "A request is outstanding for this Idempotency-Key"
    );

    /// <summary>The key was used for a request with another body.</summary>
    public static readonly Problem Reused = new(
        422,
        "idempotency-key-reused",
        "Idempotency-Key is already used for another request"
    );
}
