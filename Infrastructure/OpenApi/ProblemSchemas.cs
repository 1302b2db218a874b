using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>A schema for each kind of problem, told apart by <c>type</c>, so that typed clients can branch on it.</summary>
internal static class ProblemSchemas
{
    private const string Details = "details";

    /// <summary>The body of every failure, which each kind narrows.</summary>
    public static void Add(OpenApiSchema body, OpenApiDocument document)
    {
        if (body.Properties![Details] is OpenApiSchema { Items: { } detail } details)
        {
            document.AddComponent(nameof(ProblemDetail), detail);
            details.Items = new OpenApiSchemaReference(nameof(ProblemDetail), document);
        }

        document.AddComponent<IOpenApiSchema>(SchemaNames.Problem, body);
    }

    /// <summary>The schema of a response that is of one of these kinds.</summary>
    public static IOpenApiSchema Of(IReadOnlyList<Problem> problems, OpenApiDocument document)
    {
        var kinds = problems.ToDictionary(problem => problem.Type, problem => Of(problem, document));
        return kinds is { Count: 1 }
            ? kinds.Values.Single()
            : new OpenApiSchema
            {
                OneOf = [.. kinds.Values],
                // Generators that make a class of each kind need the rule for choosing one.
                Discriminator = new OpenApiDiscriminator { PropertyName = "type", Mapping = kinds },
            };
    }

    /// <summary>The kind's name in the document: <c>RouteNotFound</c>.</summary>
    public static string NameOf(Problem problem) =>
        string.Concat(problem.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static OpenApiSchemaReference Of(Problem problem, OpenApiDocument document)
    {
        var name = NameOf(problem) + SchemaNames.Problem;
        if (document.Components?.Schemas?.ContainsKey(name) != true)
        {
            document.AddComponent<IOpenApiSchema>(name, Create(problem, document));
        }

        return new OpenApiSchemaReference(name, document);
    }

    private static OpenApiSchema Create(Problem problem, OpenApiDocument document)
    {
        var status = new OpenApiSchema { Type = JsonSchemaType.Integer };
        status.SetConst(problem.Status);
        var kind = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { "type", "status" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = problem.Type },
                ["status"] = status,
            },
        };
        if (problem.Status == StatusCodes.Status400BadRequest)
        {
            kind.Required.Add(Details);
            kind.Properties[Details] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchemaReference(nameof(ProblemDetail), document),
                MinItems = 1,
            };
        }

        return new OpenApiSchema
        {
            Description = problem.Title + ".",
            AllOf = [new OpenApiSchemaReference(SchemaNames.Problem, document), kind],
        };
    }
}
