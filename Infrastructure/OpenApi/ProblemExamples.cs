using MarketsApi.Infrastructure.Errors;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Bodies of failures as a caller gets them.</summary>
internal static class ProblemExamples
{
    private static readonly IReadOnlyList<ProblemDetail> Faults =
    [
        new("limit", "InclusiveBetween", "limit must be from 1 to 100."),
        new("colour", "UnknownParameter", "There is no such query parameter here."),
        new("$.endsAt", "InvalidType", "The value is of another type than this member takes."),
        new("If-Match", "InvalidHeader", "The header If-Match is malformed."),
    ];

    /// <summary>What only requests about one thing are answered.</summary>
    private static readonly int[] OfOneThing = [403, 404, 409, 412];

    private const string ThingPath = "/api/markets/0193b2f4-7c1e-7a3b-9d52-4f6e8a1c2b3d";

    /// <summary>One body, or for a 400 one for each sort of fault.</summary>
    public static IEnumerable<ProblemBody> Of(PossibleRefusal refusal) =>
        refusal.Problem.Status == StatusCodes.Status400BadRequest
            ? Faults.Select(fault => Body(refusal, [fault]))
            : [Body(refusal, null)];

    private static ProblemBody Body(PossibleRefusal refusal, IReadOnlyList<ProblemDetail>? details) =>
        new()
        {
            Error = refusal.Error ?? refusal.Problem.Title,
            Details = details,
            Type = refusal.Problem.Type,
            Title = refusal.Problem.Title,
            Status = refusal.Problem.Status,
            Instance = OfOneThing.Contains(refusal.Problem.Status) ? ThingPath : "/api/markets",
            RequestId = "01a20254a53e71d0a0f94be71afff286",
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
}
