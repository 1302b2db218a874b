using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Errors;

/// <summary>The body of every error response: the properties of RFC 9457, and <c>success</c>, <c>error</c> and <c>details</c>.</summary>
public sealed record ProblemBody
{
    /// <summary>Always false.</summary>
    public bool Success => false;

    /// <summary>What went wrong, in a sentence for people.</summary>
    public required string Error { get; init; }

    /// <summary>The errors in the request. Present on every 400 response.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemDetail>? Details { get; init; }

    /// <summary>The stable URI of this kind of problem.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem, in a sentence for people.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>The path of the request.</summary>
    public required string Instance { get; init; }

    /// <summary>The limits that the caller has exceeded. Present on every 429 response.</summary>
    [JsonPropertyName("violated-policies")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ViolatedPolicies { get; init; }

    /// <summary>The request's id, as in the X-Request-Id header and the logs.</summary>
    public required string RequestId { get; init; }

    /// <summary>The W3C trace id, as in the logs and traces.</summary>
    public required string TraceId { get; init; }
}

/// <summary>One error in a request.</summary>
/// <param name="Field">The property, query parameter or header with the error, as the caller spelled it. For an error in the JSON itself, a path such as <c>$.endsAt</c>.</param>
/// <param name="Code">A stable code for programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ProblemDetail(string Field, string Code, string Message);
