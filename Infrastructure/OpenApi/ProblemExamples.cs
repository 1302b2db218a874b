using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Idempotency;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Bodies of failures as the server sends them.</summary>
/// <remarks>What depends on the operation is filled in at the end, when parameters, bodies and the order of all are known.</remarks>
internal sealed partial class ProblemExamples : IOpenApiDocumentTransformer
{
    private const string Instance = "instance";
    private const string BadRequest = "400";

    /// <summary>The examples of these problems, but for the path. Those of a bad request depend on the operation altogether.</summary>
    public static Dictionary<string, IOpenApiExample> Of(IEnumerable<DeclaredProblem> problems) =>
        Named(
            problems
                .Where(problem => problem.Problem != Problems.ValidationFailed)
                .Select(problem => Body(problem, null, ""))
        );

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var (path, item) in document.Paths)
        {
            var address = Parameter().Replace(path, DocumentExamples.Id);
            foreach (var operation in item.Operations!.Values)
            {
                foreach (var (status, response) in operation.Responses!)
                {
                    if (
                        response.Content?.TryGetValue(ProblemResult.ContentType, out var content) == true
                        && content is OpenApiMediaType media
                    )
                    {
                        Complete(media, status, operation, address);
                    }
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <remarks>A response that operations share says what the first of them does.</remarks>
    private static void Complete(OpenApiMediaType media, string status, OpenApiOperation operation, string address)
    {
        if (status == BadRequest)
        {
            var problem = new DeclaredProblem(Problems.ValidationFailed);
            media.Examples = Named(DetailsOf(operation).Select(detail => Body(problem, [detail], address)));
            return;
        }

        foreach (var example in media.Examples!.Values)
        {
            if (example.Value is { } body && body[Instance]!.GetValue<string>().Length == 0)
            {
                body[Instance] = address;
            }
        }
    }

    /// <summary>One for each sort of error that a request of this operation can have.</summary>
    private static IEnumerable<ProblemDetail> DetailsOf(OpenApiOperation operation)
    {
        yield return new("colour", "UnknownParameter", "Unknown query parameter.");
        if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == "limit")?.Schema is { } limit)
        {
            yield return new("limit", "InclusiveBetween", $"limit must be from {limit.Minimum} to {limit.Maximum}.");
        }

        foreach (var header in (string[])["If-Match", IdempotencyKey.Header])
        {
            if (operation.Parameters?.Any(parameter => parameter.Name == header) == true)
            {
                yield return new(header, "InvalidHeader", $"The header {header} is malformed.");
            }
        }

        if (operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema is { } body)
        {
            if (body.Properties?.Keys.FirstOrDefault(name => body.Required?.Contains(name) == true) is { } required)
            {
                yield return new(required, "Required", "This value is required.");
            }

            yield return new("$.colour", "UnknownMember", "Unknown property; names are case-sensitive.");
        }
    }

    private static ProblemBody Body(DeclaredProblem problem, IReadOnlyList<ProblemDetail>? details, string address) =>
        new()
        {
            Error = problem.Error ?? problem.Problem.Title,
            Details = details,
            ViolatedPolicies = problem.Problem == Problems.RateLimitExceeded ? [RateLimitPolicy.Default] : null,
            Type = problem.Problem.Type,
            Title = problem.Problem.Title,
            Status = problem.Problem.Status,
            Instance = address,
            RequestId = "01a20254a53e71d0a0f94be71afff286",
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        };

    /// <summary>Named by what tells them apart.</summary>
    private static Dictionary<string, IOpenApiExample> Named(IEnumerable<ProblemBody> bodies)
    {
        var examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        foreach (var body in bodies)
        {
            var detail = body.Details?[0];
            var name = detail?.Code ?? body.Type[(body.Type.LastIndexOfAny([':', '#']) + 1)..];
            examples.Add(
                examples.ContainsKey(name)
                    ? string.Create(CultureInfo.InvariantCulture, $"{name}-{examples.Count + 1}")
                    : name,
                new OpenApiExample
                {
                    Summary = detail?.Message ?? body.Error,
                    Value = JsonSerializer.SerializeToNode(body, JsonSettings.Wire),
                }
            );
        }

        return examples;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
