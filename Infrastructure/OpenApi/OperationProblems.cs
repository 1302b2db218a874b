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
        foreach (var refusals in RefusalsOf(context).GroupBy(refusal => refusal.Problem.Status))
        {
            operation.Responses[refusals.Key.ToInvariant()] = ProblemResponses.Of(
                [.. refusals.Distinct()],
                operation,
                document
            );
        }
    }

    private IEnumerable<DeclaredProblem> RefusalsOf(OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var declared = metadata.OfType<ProducesProblemMetadata>().SelectMany(refusals => refusals.Possible);
        return declared
            .Concat(context.IsApi() ? OfTheRequest(context) : [])
            .Append(new(Problems.MethodNotAllowed))
            .OrderBy(refusal => refusal.Problem.Status);
    }

    private IEnumerable<DeclaredProblem> OfTheRequest(OpenApiOperationTransformerContext context)
    {
        // Any unknown query parameter is refused, so each operation can answer this.
        yield return new(Problems.ValidationFailed);
        yield return new(Problems.RateLimitExceeded);
        yield return new(Problems.InternalError);
        yield return new(Problems.ServiceUnavailable);
        if (context.Metadata<PermissionRequirement>() is { } requirement)
        {
            yield return new(Problems.MissingToken);
            yield return new(Problems.InvalidToken);
            if (
                (requirement.Permission is not null && !PermissionGate.IsOpen(requirement, settings))
                || context.Metadata<OptionRequirement>() is not null
            )
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
