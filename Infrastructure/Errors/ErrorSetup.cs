namespace MarketsApi.Infrastructure.Errors;

/// <summary>One error format for every failure, wherever in the pipeline it happens.</summary>
internal static class ErrorSetup
{
    public static void AddErrors(this WebApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        // Binding faults arrive as exceptions, which carry the JSON path, rather than as bare statuses.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>Gives exceptions and bare error statuses of everything behind it a problem body.</summary>
    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.Use(
            static (context, next) =>
            {
                var answering = next(context);
                return answering.IsCompletedSuccessfully
                    ? GiveBodyAsync(context)
                    : GiveBodyAfterAsync(answering, context);
            }
        );
    }

    private static async Task GiveBodyAfterAsync(Task answering, HttpContext context)
    {
        await answering;
        await GiveBodyAsync(context);
    }

    /// <summary>The framework sets some statuses without saying anything.</summary>
    private static Task GiveBodyAsync(HttpContext context)
    {
        var response = context.Response;
        return
            response.StatusCode >= StatusCodes.Status400BadRequest
            && response is { HasStarted: false, ContentLength: null }
            && string.IsNullOrEmpty(response.ContentType)
            ? ProblemFor(response.StatusCode).ExecuteAsync(context)
            : Task.CompletedTask;
    }

    /// <summary>For a status that came without a body; every 400 has details.</summary>
    public static ProblemResult ProblemFor(int status) =>
        status == 400
            ? ProblemResult.Invalid("$", "InvalidBody", "The request body is missing or could not be read.")
            : ProblemResult.Of(Problems.ForStatus(status));

    /// <summary>Answers unknown routes and methods before anybody is asked for a token; goes right behind routing.</summary>
    public static void UseRouteErrors(this WebApplication app) =>
        app.Use(
            static (context, next) =>
                context.GetEndpoint() switch
                {
                    null => ProblemResult.Of(Problems.RouteNotFound).ExecuteAsync(context),
                    // Routing's own endpoint for "path known, method not": it sets the status and Allow.
                    { RequestDelegate: { } reject } and not RouteEndpoint => reject(context),
                    _ => next(context),
                }
        );
}
