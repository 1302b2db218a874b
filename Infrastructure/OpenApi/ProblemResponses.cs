using System.Text.Json;
using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Observability;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Failures as responses of the document, with an example of each kind in its exact words.</summary>
internal static class ProblemResponses
{
    private static readonly Dictionary<int, string> Descriptions = new()
    {
        [400] = "Something is wrong with the request; `details` has each fault.",
        [401] =
            "No token came where one is needed, or one that is not good: malformed, wrongly signed, expired, not yet valid, from or for somebody else. A bad token is refused even where none is needed.",
        [403] = "The caller may not do this: the role lacks the permission, or the resource is somebody else's.",
        [404] = "There is none with this id, or none that the caller may see.",
        [405] = "The path has no such method.",
        [409] = "The present state doesn't allow this; `error` says what conflicts and what to do instead.",
        [412] = "`If-Match` names another version than the present one: read it again, then decide.",
        [413] = "The body is too large.",
        [415] = "The body's media type or charset is not one that is read here.",
        [422] = "The Idempotency-Key was used for another request.",
        [429] = "The caller has sent more requests than a limit allows; try again after `Retry-After` seconds.",
        [500] = "A bug. The log has the rest under the same request id.",
        [503] = "Something that the program stands on is away or overloaded; try again after `Retry-After` seconds.",
    };

    private static readonly Dictionary<int, string> Headers = new()
    {
        [401] = "WWW-Authenticate",
        [405] = "Allow",
        [429] = "Retry-After",
        [503] = "Retry-After",
    };

    /// <summary>The response for refusals of one status; a component when they say nothing that is this operation's own.</summary>
    public static IOpenApiResponse Of(
        IReadOnlyList<DeclaredProblem> refusals,
        OpenApiOperation operation,
        OpenApiDocument document
    )
    {
        if (refusals.Any(refusal => refusal.Error is not null || refusal.Problem == Problems.ValidationFailed))
        {
            return Create(refusals, operation, document);
        }

        var name = string.Join("Or", refusals.Select(refusal => ProblemSchemas.NameOf(refusal.Problem)));
        if (document.Components?.Responses?.ContainsKey(name) != true)
        {
            document.AddComponent<IOpenApiResponse>(name, Create(refusals, operation, document));
        }

        return new OpenApiResponseReference(name, document);
    }

    private static OpenApiResponse Create(
        IReadOnlyList<DeclaredProblem> refusals,
        OpenApiOperation operation,
        OpenApiDocument document
    )
    {
        var status = refusals[0].Problem.Status;
        var response = new OpenApiResponse
        {
            Description = Descriptions.GetValueOrDefault(status, refusals[0].Problem.Title + "."),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemResult.ContentType] = new OpenApiMediaType
                {
                    Schema = ProblemSchemas.Of([.. refusals.Select(refusal => refusal.Problem).Distinct()], document),
                    Examples = Examples(refusals, operation),
                },
            },
        };
        response.AddHeader(RequestId.Header, document);
        response.AddHeader(RateLimitHeaders.Policy, document);
        response.AddHeader(RateLimitHeaders.Name, document);
        if (Headers.TryGetValue(status, out var header))
        {
            response.AddHeader(header, document);
        }
        else if (refusals.Any(refusal => refusal.Problem == IdempotencyProblems.Outstanding))
        {
            response.AddHeader("Retry-After", document);
        }

        return response;
    }

    /// <summary>Named by what tells them apart.</summary>
    private static Dictionary<string, IOpenApiExample> Examples(
        IReadOnlyList<DeclaredProblem> refusals,
        OpenApiOperation operation
    )
    {
        var examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        foreach (var body in refusals.SelectMany(refusal => ProblemExamples.Of(refusal, operation)))
        {
            var name = body.Details is [var detail, ..]
                ? detail.Code
                : body.Type[(body.Type.LastIndexOfAny([':', '#']) + 1)..];
            var example = new OpenApiExample
            {
                Summary = body.Details is [var fault, ..] ? fault.Message : body.Error,
                Value = JsonSerializer.SerializeToNode(body, JsonSettings.Wire),
            };
            examples.Add(examples.ContainsKey(name) ? $"{name}-{examples.Count + 1}" : name, example);
        }

        return examples;
    }
}
