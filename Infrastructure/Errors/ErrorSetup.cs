namespace MarketsApi.Infrastructure.Errors;

/// <summary>One error format for every failure, wherever in the pipeline it happens.</summary>
internal static class ErrorSetup
{
    public static void AddErrors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<BadRequestHandler>();
        // What no handler knows is logged by ProblemWriter, in our words.
        builder.Services.Configure<ExceptionHandlerOptions>(options => options.SuppressDiagnosticsCallback = _ => true);
        // Binding errors come as exceptions, which carry the JSON path, rather than as bare statuses.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }
}

/// <summary>Writes what the framework's exception handler and status code pages have to say in the one error format.</summary>
internal sealed partial class ProblemWriter(ILogger<ProblemWriter> logger) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        if (context.Exception is { } exception)
        {
            LogUnhandled(exception);
        }

        var response = context.HttpContext.Response;
        return new(ProblemResult.ForStatus(response.StatusCode).ExecuteAsync(context.HttpContext));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception")]
    private partial void LogUnhandled(Exception exception);
}
