using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Errors;

/// <summary>The body of every failure: the members of RFC 9457, and the three that clients read first.</summary>
public sealed record ProblemBody
{
    /// <summary>Always false.</summary>
    public bool Success => false;

    /// <summary>What went wrong, in a sentence for people.</summary>
    public required string Error { get; init; }

    /// <summary>Each fault of the request; present on every 400.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemDetail>? Details { get; init; }

    /// <summary>The stable URI of this kind of problem.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem, in a sentence for people.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>The path that was asked for.</summary>
    public required string Instance { get; init; }

    /// <summary>The limits that the caller is over; present on every 429.</summary>
    [JsonPropertyName("violated-policies")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ViolatedPolicies { get; init; }

    /// <summary>The request's id, as in the X-Request-Id header and the logs.</summary>
    public required string RequestId { get; init; }

    /// <summary>The W3C trace id, as in the logs and traces.</summary>
    public required string TraceId { get; init; }
}

/// <summary>One fault of a request.</summary>
/// <param name="Field">The member, query parameter or header at fault, in the caller's own spelling; a path (<c>$.endsAt</c>) for a fault of the JSON itself.</param>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ProblemDetail(string Field, string Code, string Message);
