namespace MarketsApi.Infrastructure.Errors;

/// <summary>The kinds of problem that any endpoint can return; a slice or Shared/ adds those of its own subject.</summary>
public static class Problems
{
    /// <summary>The request alone shows that it is wrong; carries details.</summary>
    public static readonly Problem ValidationFailed = new(400, "validation-failed", "Validation failed");

    /// <summary>A token is needed and none came.</summary>
    public static readonly Problem MissingToken = new(401, "missing-token", "Missing authorization token");

    /// <summary>The token is not acceptable, for any reason.</summary>
    public static readonly Problem InvalidToken = new(401, "invalid-token", "Invalid token");

    /// <summary>The caller is known and may not do this.</summary>
    public static readonly Problem InsufficientPermissions = new(
        403,
        "insufficient-permissions",
        "Insufficient permissions"
    );

    /// <summary>No endpoint has this path.</summary>
    public static readonly Problem RouteNotFound = new(404, "route-not-found", "Route not found");

    /// <summary>The path exists, with other methods; they are in the Allow header.</summary>
    public static readonly Problem MethodNotAllowed = new(405, "method-not-allowed", "Method not allowed");

    /// <summary>The body is larger than the program reads.</summary>
    public static readonly Problem BodyTooLarge = new(
        413,
        "body-too-large",
        "Request body is larger than 65,536 bytes"
    );

    /// <summary>The body's media type, charset or content coding is not one that the endpoint reads.</summary>
    public static readonly Problem UnsupportedMediaType = new(
        415,
        "unsupported-media-type",
        "Request body must be JSON in UTF-8"
    );

    /// <summary>The caller has sent more requests than a limit allows; worth another try after Retry-After seconds.</summary>
    public static readonly Problem RateLimitExceeded = new(
        429,
        "quota-exceeded",
        "Rate limit exceeded",
        "https://iana.org/assignments/http-problem-types#quota-exceeded"
    );

    /// <summary>A bug; the log has the rest under the same request id.</summary>
    public static readonly Problem InternalError = new(500, "internal-error", "Internal server error");

    /// <summary>A server that the program depends on is unavailable or overloaded; worth another try after Retry-After seconds.</summary>
    public static readonly Problem ServiceUnavailable = new(503, "service-unavailable", "Service unavailable");

    /// <summary>For statuses that the server itself returns and that have no kind of their own.</summary>
    internal static Problem ForStatus(int status) =>
        status switch
        {
            400 => ValidationFailed,
            401 => MissingToken,
            403 => InsufficientPermissions,
            404 => RouteNotFound,
            405 => MethodNotAllowed,
            413 => BodyTooLarge,
            415 => UnsupportedMediaType,
            503 => ServiceUnavailable,
            >= 500 => InternalError,
            _ => new Problem(
                status,
                "http-" + status,
                Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)
            ),
        };
}

/// <summary>A kind of problem, stable enough for clients to branch on (the problem type of RFC 9457).</summary>
public sealed class Problem(int status, string name, string title, string? type = null)
{
    /// <summary>The HTTP status that always goes with this kind.</summary>
    public int Status { get; } = status;

    /// <summary>The last part of <see cref="Type"/>, in kebab case.</summary>
    public string Name { get; } = name;

    /// <summary>One sentence for people; the same for every occurrence.</summary>
    public string Title { get; } = title;

    /// <summary>The stable URI of the kind: a registered one, or a URN of ours, since no URL of ours is promised to exist for ever.</summary>
    public string Type { get; } = type ?? "urn:marketsapi:problem:" + name;
}
