using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>What there is to say beyond <see cref="Error"/>, where the contract fixes that.</summary>
    public string? Detail { get; private init; }

    /// <summary>The errors in the request, for a 400.</summary>
    public IReadOnlyList<ProblemDetail>? Details { get; private init; }

    /// <summary>After how many seconds another try is worth it, when that is known.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>The limits that the caller is over, for a 429.</summary>
    public IReadOnlyList<string>? ViolatedPolicies { get; private init; }

    int? IStatusCodeHttpResult.StatusCode => Problem.Status;

    /// <summary>A problem of this kind; <paramref name="error"/> replaces the kind's title where there is more to say, <paramref name="detail"/> goes beside it.</summary>
    public static ProblemResult Of(
        Problem problem,
        string? error = null,
        int? retryAfterSeconds = null,
        IReadOnlyList<string>? violatedPolicies = null,
        string? detail = null
    ) =>
        new(problem, error ?? problem.Title)
        {
            RetryAfterSeconds = retryAfterSeconds,
            ViolatedPolicies = violatedPolicies,
            Detail = detail,
        };

    /// <summary>A 400 with the errors in the request; of very many, the first ones and the number of the others.</summary>
    public static ProblemResult Invalid(params IReadOnlyList<ProblemDetail> details) =>
        new(Problems.ValidationFailed, Problems.ValidationFailed.Title) { Details = ProblemDetail.Bounded(details) };

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
            Detail = Detail,
            Details = Details,
            ViolatedPolicies = ViolatedPolicies,
            Type = Problem.Type,
            Title = Problem.Title,
            Status = Problem.Status,
            Instance = httpContext.Request.Path.HasValue ? httpContext.Request.Path.ToUriComponent() : "/",
            RequestId = RequestId.Of(httpContext),
            TraceId = RequestLogContext.Of(httpContext).TraceId,
        };
        // The request's token isn't asked: where the time limit writes this, it has been cancelled.
        return JsonBody.SendAsync(response, JsonSerializer.SerializeToUtf8Bytes(body, JsonSettings.Wire), ContentType);
    }
}

/// <summary>Declares which problems a route can return, for the OpenAPI document and for ids that are not valid UUIDs.</summary>
public static class ProblemExtensions
{
    /// <summary>Declares the kinds of problem that this endpoint returns itself, beyond those that follow from what it requires.</summary>
    /// <remarks>The declared 404, if any, is also the response to an id in the path that is not a valid UUID.</remarks>
    public static TBuilder ProducesProblem<TBuilder>(this TBuilder builder, params Problem[] problems)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(
            new ProducesProblemMetadata([.. problems.Select(problem => new DeclaredProblem(problem))])
        );

    /// <summary>Declares a kind of problem whose responses say more than its title, with examples of such sentences.</summary>
    public static TBuilder ProducesProblemWith<TBuilder>(
        this TBuilder builder,
        Problem problem,
        params IEnumerable<string> errors
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(
            new ProducesProblemMetadata([.. errors.Select(error => new DeclaredProblem(problem, error))])
        );
}

/// <summary>The problems that an endpoint declares.</summary>
internal sealed record ProducesProblemMetadata(IReadOnlyList<DeclaredProblem> Possible);

/// <summary>A kind of problem that an endpoint can return.</summary>
/// <param name="Problem">The kind.</param>
/// <param name="Error">The sentence that goes with it, or one of them; null when it is the kind's title.</param>
internal sealed record DeclaredProblem(Problem Problem, string? Error = null);

/// <summary>The body of every error response: the properties of RFC 9457, and <c>success</c>, <c>error</c> and <c>details</c>.</summary>
public sealed record ProblemBody
{
    /// <summary>Always false.</summary>
    public bool Success => false;

    /// <summary>What went wrong, in a sentence for people.</summary>
    public required string Error { get; init; }

    /// <summary>What there is to say beyond that, such as which permission a 403 is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

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
public sealed record ProblemDetail(string Field, string Code, string Message)
{
    /// <summary>The most errors that a response lists; with one more entry it says how many others there are.</summary>
    internal const int Max = 50;

    private const int MaxFieldLength = 200;

    /// <summary>As a response has them: it must not grow with what the caller sends.</summary>
    internal static IReadOnlyList<ProblemDetail> Bounded(IReadOnlyList<ProblemDetail> details)
    {
        var listed = details.Take(Max).Select(Shortened);
        return details.Count <= Max
            ? [.. listed]
            : [.. listed, new("$", "MoreErrors", $"{(details.Count - Max).ToInvariant()} more errors are not listed.")];
    }

    private static ProblemDetail Shortened(ProblemDetail detail)
    {
        if (detail.Field.Length <= MaxFieldLength)
        {
            return detail;
        }

        var length = char.IsHighSurrogate(detail.Field[MaxFieldLength - 1]) ? MaxFieldLength - 1 : MaxFieldLength;
        return detail with { Field = detail.Field[..length] + "…" };
    }
}
