using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>What holds for the whole document: title, conventions, licence, tags, how to authenticate.</summary>
internal sealed class DocumentInfo(ApiDescription description) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var assembly = typeof(Program).Assembly;
        document.Info = new OpenApiInfo
        {
            Title = description.Title,
            Version = assembly.GetName().Version!.ToString(3),
            Summary = description.Summary,
            Description = description.Text.ReplaceLineEndings("\n"),
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        // Relative, so that the document is the same wherever the program runs and whatever is in front of it.
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this document came from" }];
        document.Tags = assembly
            .GetCustomAttributes<ApiTagAttribute>()
            .OrderBy(tag => tag.Name, StringComparer.Ordinal)
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
        document.AddComponent<IOpenApiSecurityScheme>(
            OperationSecurity.Scheme,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description =
                    "A JSON Web Token with `userId` (a UUID; or `sub`), `role` (`user`, `moderator` or `admin`), `exp` and optionally `name` and `email`.",
            }
        );
        foreach (var (name, example) in description.HeaderExamples)
        {
            ((OpenApiHeader)document.Components!.Headers![name]).Example = example;
        }

        return Task.CompletedTask;
    }
}

/// <summary>What only the program itself can say of its API.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Summary">A sentence.</param>
/// <param name="Text">What holds for all of it, as Markdown.</param>
/// <param name="HeaderExamples">Values of response headers whose examples name one of its paths, or the program.</param>
internal sealed record ApiDescription(
    string Title,
    string Summary,
    string Text,
    IReadOnlyDictionary<string, string> HeaderExamples
);

/// <summary>Describes a tag of the OpenAPI document; declared beside the endpoints of the tag.</summary>
/// <param name="name">The tag, as <c>WithTags</c> has it.</param>
/// <param name="description">A sentence on what belongs to it.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class ApiTagAttribute(string name, string description) : Attribute
{
    public string Name => name;

    public string Description => description;
}
