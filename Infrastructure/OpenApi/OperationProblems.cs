using MarketsApi.Infrastructure.Idempotency;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The failures: those that an endpoint declares, and those that follow from what it requires and takes.</summary>
internal sealed class OperationProblems(AuthSettings settings) : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(SchemaNames.Problem) != true)
        {
            ProblemSchemas.Add(
                await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken),
                document
            );
        }

        operation.Responses ??= [];
        foreach (var problems in ProblemsOf(context).GroupBy(problem => problem.Problem.Status))
        {
            operation.Responses[problems.Key.ToInvariant()] = ProblemResponses.Of([.. problems.Distinct()], document);
        }
    }

    private IEnumerable<DeclaredProblem> ProblemsOf(OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var declared = metadata.OfType<ProducesProblemMetadata>().SelectMany(problems => problems.Possible);
        return declared
            .Concat(context.IsApi() ? OfTheRequest(context) : [])
            .Append(new(Problems.MethodNotAllowed))
            .OrderBy(problem => problem.Problem.Status);
    }

    private IEnumerable<DeclaredProblem> OfTheRequest(OpenApiOperationTransformerContext context)
    {
        // Any unknown query parameter is an error, so each operation can respond with this.
        yield return new(Problems.ValidationFailed);
        yield return new(Problems.RateLimitExceeded);
        yield return new(Problems.InternalError);
        yield return new(Problems.ServiceUnavailable);
        var requirements = context.AllMetadata<PermissionRequirement>().ToList();
        if (requirements.Count > 0)
        {
            yield return new(Problems.MissingToken);
            yield return new(Problems.InvalidToken);
            if (requirements.Exists(requirement => requirement.Permission is not null && !requirement.IsOpen(settings)))
            {
                yield return new(Problems.InsufficientPermissions);
            }
        }

        if (context.Metadata<IAcceptsMetadata>() is { } accepts)
        {
            yield return new(Problems.BodyTooLarge);
            yield return new(Problems.UnsupportedMediaType, BodyRules.Expected(accepts.ContentTypes));
        }
    }
}

/// <summary>Failures as responses of the document, with an example of each kind.</summary>
internal static class ProblemResponses
{
    private static readonly Dictionary<int, string> Descriptions = new()
    {
        [400] = "The request is invalid; `details` lists the errors.",
        [401] =
            "The token is missing or invalid: malformed, wrongly signed, expired, not yet valid, or with another issuer or audience. An invalid token is rejected even where no token is needed.",
        [403] =
            "The caller is not allowed to do this: the role lacks the permission, or the resource belongs to another user.",
        [404] = "No resource with this id was found, or the caller is not allowed to see it.",
        [405] = "The path doesn't support this method.",
        [409] = "The current state doesn't allow this; `error` says what conflicts and what to do instead.",
        [412] =
            "`If-Match` names another version than the current one, or `If-None-Match` on a write names the current one. Read the resource again, then decide.",
        [413] = "The body is too large.",
        [415] = "The media type, charset or content coding of the body is not supported.",
        [422] = "The Idempotency-Key was used for another request.",
        [429] = "The caller has sent more requests than a limit allows; try again after `Retry-After` seconds.",
        [500] = "An unexpected error in the server. The operator finds it in the log by the request id.",
        [503] =
            "A server that the program depends on is unreachable or overloaded; try again after `Retry-After` seconds.",
    };

    private static readonly Dictionary<int, string> Headers = new()
    {
        [401] = "WWW-Authenticate",
        [405] = "Allow",
        [429] = "Retry-After",
        [503] = "Retry-After",
    };

    /// <summary>The response for problems of one status; a component when they say nothing that is this operation's own.</summary>
    public static IOpenApiResponse Of(IReadOnlyList<DeclaredProblem> problems, OpenApiDocument document)
    {
        if (problems.Any(problem => problem.Error is not null || problem.Problem == Problems.ValidationFailed))
        {
            return Create(problems, document);
        }

        var name = ProblemSchemas.NameOf(problems.Select(problem => problem.Problem));
        if (document.Components?.Responses?.ContainsKey(name) != true)
        {
            document.AddComponent<IOpenApiResponse>(name, Create(problems, document));
        }

        return new OpenApiResponseReference(name, document);
    }

    private static OpenApiResponse Create(IReadOnlyList<DeclaredProblem> problems, OpenApiDocument document)
    {
        var status = problems[0].Problem.Status;
        var response = new OpenApiResponse
        {
            Description = Descriptions.GetValueOrDefault(status, problems[0].Problem.Title + "."),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemResult.ContentType] = new OpenApiMediaType
                {
                    Schema = ProblemSchemas.Of([.. problems.Select(problem => problem.Problem).Distinct()], document),
                    Examples = ProblemExamples.Of(problems),
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
        else if (problems.Any(problem => problem.Problem == IdempotencyProblems.Outstanding))
        {
            response.AddHeader("Retry-After", document);
        }

        return response;
    }
}
