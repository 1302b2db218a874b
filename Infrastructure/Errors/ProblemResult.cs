using System.Text.Json;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Infrastructure.Errors;

/// <summary>The result of a rejected request: an <c>application/problem+json</c> response (RFC 9457).</summary>
public sealed class ProblemResult : IResult, IStatusCodeHttpResult
{
    /// <summary>The media type of every failure.</summary>
    public const string ContentType = "application/problem+json";

    private ProblemResult(Problem problem, string error)
    {
        Problem = problem;
        Error = error;
    }

    /// <summary>The kind of problem.</summary>
    public Problem Problem { get; }

    /// <summary>What went wrong here; the kind's title unless there is more to say.</summary>
    public string Error { get; }

    /// <summary>The errors in the request, for a 400.</summary>
    public IReadOnlyList<ProblemDetail>? Details { get; private init; }

    /// <summary>After how many seconds another try is worth it, when that is known.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>The limits that the caller is over, for a 429.</summary>
    public IReadOnlyList<string>? ViolatedPolicies { get; private init; }

    int? IStatusCodeHttpResult.StatusCode => Problem.Status;

    /// <summary>A problem of this kind; <paramref name="error"/> replaces the kind's title where there is more to say.</summary>
    public static ProblemResult Of(
        Problem problem,
        string? error = null,
        int? retryAfterSeconds = null,
        IReadOnlyList<string>? violatedPolicies = null
    ) =>
        new(problem, error ?? problem.Title)
        {
            RetryAfterSeconds = retryAfterSeconds,
            ViolatedPolicies = violatedPolicies,
        };

    /// <summary>A 400 with the errors in the request.</summary>
    public static ProblemResult Invalid(params IReadOnlyList<ProblemDetail> details) =>
        new(Problems.ValidationFailed, Problems.ValidationFailed.Title) { Details = details };

    /// <summary>What a status says that came without a body.</summary>
    public static ProblemResult ForStatus(int status) =>
        status == StatusCodes.Status400BadRequest
            // Every 400 has details.
            ? Invalid("$", "InvalidBody", "The request body is missing or could not be read.")
            : Of(Problems.ForStatus(status));

    /// <summary>A 400 with one error.</summary>
    public static ProblemResult Invalid(string field, string code, string message) =>
        Invalid(new ProblemDetail(field, code, message));

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Problem.Status;
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToInvariant();
        }

        var body = new ProblemBody
        {
            Error = Error,
            Details = Details,
            ViolatedPolicies = ViolatedPolicies,
            Type = Problem.Type,
            Title = Problem.Title,
            Status = Problem.Status,
            Instance = httpContext.Request.Path.Value ?? "/",
            RequestId = RequestId.Of(httpContext),
            TraceId = RequestLogContext.Of(httpContext).TraceId,
        };
        // The request's token isn't asked: where the time limit writes this, it has been cancelled.
        return JsonBody.SendAsync(response, JsonSerializer.SerializeToUtf8Bytes(body, JsonSettings.Wire), ContentType);
    }
}
