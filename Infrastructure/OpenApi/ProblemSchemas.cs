using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>A schema for the kinds of problem of a response, told apart by <c>type</c>, so that typed clients can branch on it.</summary>
internal static class ProblemSchemas
{
    private const string Type = "type";
    private const string Status = "status";
    private const string Details = "details";
    private const string ViolatedPolicies = "violated-policies";

    /// <summary>What the schema of a kind has of its own.</summary>
    /// <remarks>The base doesn't have it as well: Kiota drops a property that both parts of an <c>allOf</c> have.</remarks>
    private static readonly string[] Own = [Type, Status, Details, ViolatedPolicies];

    /// <summary>What all failures have.</summary>
    public static void Add(OpenApiSchema body, OpenApiDocument document)
    {
        if (body.Properties![Details] is OpenApiSchema { Items: { } detail })
        {
            document.AddComponent(nameof(ProblemDetail), detail);
        }

        foreach (var name in Own)
        {
            body.Properties.Remove(name);
            body.Required?.Remove(name);
        }

        body.Description = "What every error response has; each kind of it adds its `type` and `status`.";
        document.AddComponent<IOpenApiSchema>(SchemaNames.Problem, body);
    }

    /// <summary>The schema of a response that is of one of these kinds.</summary>
    /// <remarks>Not a <c>oneOf</c> of a schema for each kind: generators of C# clients (Kiota) can't make an exception of it, and lose the body.</remarks>
    public static IOpenApiSchema Of(IReadOnlyList<Problem> problems, OpenApiDocument document)
    {
        var name = NameOf(problems) + SchemaNames.Problem;
        if (document.Components?.Schemas?.ContainsKey(name) != true)
        {
            document.AddComponent<IOpenApiSchema>(name, Create(problems, document));
        }

        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>The name in the document of responses that are of one of these kinds: <c>MissingTokenOrInvalidToken</c>.</summary>
    public static string NameOf(IEnumerable<Problem> problems) => string.Join("Or", problems.Select(NameOf));

    private static string NameOf(Problem problem) =>
        string.Concat(problem.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static OpenApiSchema Create(IReadOnlyList<Problem> problems, OpenApiDocument document)
    {
        var status = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status code." };
        status.SetConst(problems[0].Status);
        var type = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "The stable URI of this kind of problem.",
        };
        if (problems.Count == 1)
        {
            type.Const = problems[0].Type;
        }
        else
        {
            type.Enum = [.. problems.Select(problem => JsonValue.Create(problem.Type))];
        }

        var kind = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                [Type] = type,
                [Status] = status,
            },
        };
        if (problems[0].Status == StatusCodes.Status400BadRequest)
        {
            kind.Properties[Details] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "The errors in the request.",
                Items = new OpenApiSchemaReference(nameof(ProblemDetail), document),
                MinItems = 1,
                MaxItems = ProblemDetail.Max + 1,
            };
        }
        else if (problems[0].Status == StatusCodes.Status429TooManyRequests)
        {
            kind.Properties[ViolatedPolicies] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "The limits that the caller has exceeded.",
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
                MinItems = 1,
            };
        }

        kind.Required = kind.Properties.Keys.ToHashSet(StringComparer.Ordinal);
        return new OpenApiSchema
        {
            Description = string.Join(" Or: ", problems.Select(problem => problem.Title + ".")),
            AllOf = [new OpenApiSchemaReference(SchemaNames.Problem, document), kind],
        };
    }
}
