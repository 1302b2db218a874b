using MarketsApi.Infrastructure.Auth;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The OpenAPI 3.1 document, and a page to read it with.</summary>
internal static class OpenApiSetup
{
    public static void AddOpenApiDocument(this WebApplicationBuilder builder) => builder.Services.AddOpenApi("v1");

    public static void MapOpenApiDocument(this WebApplication app) =>
        app.MapOpenApi("/openapi/{documentName}.json").OpenToAll();

    public static void UseDocsPage(this WebApplication app) =>
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.SwaggerEndpoint("/openapi/v1.json", "MarketsApi");
        });
}
