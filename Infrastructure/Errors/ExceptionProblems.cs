using System.Text.Json;
using MarketsApi.Infrastructure.Http.Server;
using Microsoft.AspNetCore.Diagnostics;

namespace MarketsApi.Infrastructure.Errors;

/// <summary>Turns an exception into an answer that says what a client can act on, and nothing internal.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    /// <summary>What a client is told to wait, in seconds, when the database is away: long enough not to crowd its return.</summary>
    private const int RetryAfterSeconds = 2;

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (
            exception is OperationCanceledException or IOException
            && httpContext.RequestAborted.IsCancellationRequested
        )
        {
            // The caller has gone; nobody reads an answer. 499 is what proxies log for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        // The framework has taken away all headers that were set before the exception.
        ResponseHeaders.Set(httpContext);
        RateLimitHeaders.SetAgain(httpContext);
        await ProblemFor(exception).ExecuteAsync(httpContext);
        return true;
    }

    private ProblemResult ProblemFor(Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                return ProblemResult.Invalid(Detail(json));
            case BadHttpRequestException bad:
                return ErrorSetup.ProblemFor(bad.StatusCode);
            case DatabaseBusyException:
                // The gate has said it for all of them; a stack trace for each would add to the load.
                return ProblemResult.Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds);
            case var _ when DatabaseErrors.IsUnavailable(exception):
                LogUnavailable(exception);
                return ProblemResult.Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds);
            default:
                LogUnhandled(exception);
                return ProblemResult.Of(Problems.InternalError);
        }
    }

    /// <summary>The framework's binding speaks of parameters and .NET types; a caller is told of the JSON.</summary>
    private static ProblemDetail Detail(JsonException json)
    {
        var fault = JsonError.Of(json);
        var message = fault.Code switch
        {
            JsonError.UnknownMember => "This member is not known here; names are case-sensitive.",
            JsonError.DuplicateMember => "This member appears more than once.",
            JsonError.InvalidText => "The text is not valid Unicode.",
            JsonError.InvalidType => "The value is of another type than this member takes.",
            JsonError.InvalidValue => json.Message,
            _ => "The body is not valid JSON, from here on.",
        };
        return new ProblemDetail(fault.Path, fault.Code, message);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is unavailable")]
    private partial void LogUnavailable(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception")]
    private partial void LogUnhandled(Exception exception);
}
