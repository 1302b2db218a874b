using System.Security.Cryptography;
using System.Text;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>A page to read the document with and to try requests out; everything that it loads is in the program.</summary>
internal static class DocsPage
{
    /// <summary>The only inline style of the page: Swagger UI's logo brings it.</summary>
    public const string LogoStyle = ".logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}";

    /// <summary>What the page may load and call (CSP level 3): its own files, its icons, which are data in a style sheet, and this API.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{Hash(LogoStyle)}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "/docs";

    public static void UseDocsPage(this WebApplication app)
    {
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase),
            static docs =>
            {
                docs.Use(
                    static (context, next) =>
                    {
                        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
                        {
                            context.Response.Headers.Allow = "GET, HEAD";
                            return ProblemResult.Of(Problems.MethodNotAllowed).ExecuteAsync(context);
                        }

                        StripCoding(context);
                        context.Response.OnStarting(Stamp, context);
                        return next(context);
                    }
                );
                docs.UseSwaggerUI(options =>
                {
                    options.RoutePrefix = Prefix[1..];
                    options.DocumentTitle = "MarketsApi";
                    options.SwaggerEndpoint(OpenApiSetup.Path, "MarketsApi");
                    options.EnableDeepLinking();
                    options.EnableTryItOutByDefault();
                    options.DisplayRequestDuration();
                    options.ShowCommonExtensions();
                    options.DocExpansion(DocExpansion.List);
                    // The schemas are shown with the operations that use them; a list of all of them below is clutter.
                    options.DefaultModelsExpandDepth(-1);
                });
            }
        );
    }

    /// <summary>Files that don't exist fall through to the API's own 404, which keeps the API's policy.</summary>
    private static Task Stamp(object state)
    {
        var context = (HttpContext)state;
        var response = context.Response;
        if (response.StatusCode < StatusCodes.Status400BadRequest)
        {
            response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        }

        if (response.StatusCode == StatusCodes.Status304NotModified)
        {
            response.Headers.CacheControl = "max-age=0, private";
            if (context.Items.TryGetValue(typeof(DocsPage), out var tag))
            {
                response.Headers.ETag = (string?)tag;
            }
        }

        if (response.Headers is { ETag.Count: > 0, Vary.Count: 0 })
        {
            response.Headers.Vary = "Accept-Encoding";
        }

        return Task.CompletedTask;
    }

    /// <summary>Swagger UI compares the tag of its page as a text, without the coding that compression adds, and leaves it out of its 304.</summary>
    private static void StripCoding(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (
            headers.IfNoneMatch is not [['"', .., '"'] tag]
            || !context.Request.Path.Value!.EndsWith("/index.html", StringComparison.Ordinal)
        )
        {
            return;
        }

        var ending = context
            .RequestServices.GetRequiredService<EntityTagCompressionProvider>()
            .TagAsSent(context, "\"\"")[1..];
        if (tag.EndsWith(ending, StringComparison.Ordinal))
        {
            context.Items[typeof(DocsPage)] = tag;
            headers.IfNoneMatch = tag[..^ending.Length] + '"';
        }
        else
        {
            headers.IfNoneMatch = default;
        }
    }

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
