using MarketsApi.Infrastructure.Idempotency;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Bodies of failures as a caller gets them.</summary>
internal static class ProblemExamples
{
    /// <summary>What only requests about one thing are answered.</summary>
    private static readonly int[] OfOneThing = [403, 404, 409, 412];

    private const string ThingPath = "/api/markets/0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d";

    /// <summary>One body for each sort of fault that a request can have.</summary>
    public static IEnumerable<ProblemBody> Of(DeclaredProblem refusal, OpenApiOperation operation) =>
        refusal.Problem == Problems.ValidationFailed
            ? FaultsOf(operation).Select(fault => Body(refusal, [fault]))
            : [Body(refusal, null)];

    private static IEnumerable<ProblemDetail> FaultsOf(OpenApiOperation operation)
    {
        yield return new("colour", "UnknownParameter", "There is no such query parameter here.");
        if (operation.Parameters?.Any(parameter => parameter.Name == "limit") == true)
        {
            yield return new("limit", "InclusiveBetween", "limit must be from 1 to 100.");
        }

        if (operation.Parameters?.Any(parameter => parameter.Name == "If-Match") == true)
        {
            yield return new("If-Match", "InvalidHeader", "The header If-Match is malformed.");
        }

        if (operation.Parameters?.Any(parameter => parameter.Name == IdempotencyKey.Header) == true)
        {
            yield return new(IdempotencyKey.Header, "InvalidHeader", "The header Idempotency-Key is malformed.");
        }

        if (operation.RequestBody is not null)
        {
            yield return new("name", "Length", "name must have 3 to 300 characters; it has 2.");
            yield return new("$.colour", "UnknownMember", "This member is not known here; names are case-sensitive.");
        }
    }

    private static ProblemBody Body(DeclaredProblem refusal, IReadOnlyList<ProblemDetail>? details) =>
        new()
        {
            Error = refusal.Error ?? refusal.Problem.Title,
            Details = details,
            ViolatedPolicies = refusal.Problem == Problems.RateLimitExceeded ? [RateLimitPolicy.Default] : null,
            Type = refusal.Problem.Type,
            Title = refusal.Problem.Title,
            Status = refusal.Problem.Status,
            Instance = OfOneThing.Contains(refusal.Problem.Status) ? ThingPath : "/api/markets",
            RequestId = "01a20254a53e71d0a0f94be71afff286",
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
}
