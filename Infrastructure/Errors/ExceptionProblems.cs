using System.Text.Json;
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
        await RefusalFor(exception).ExecuteAsync(httpContext);
        return true;
    }

    private Refusal RefusalFor(Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                return Refusal.Invalid(Detail(json));
            case BadHttpRequestException bad:
                return ErrorSetup.RefusalFor(bad.StatusCode);
            case DatabaseBusyException:
                // The gate has said it for all of them; a stack trace for each would add to the load.
                return Refusal.Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds);
            case var _ when DatabaseFaults.IsUnavailable(exception):
                LogUnavailable(exception);
                return Refusal.Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds);
            default:
                LogUnhandled(exception);
                return Refusal.Of(Problems.InternalError);
        }
    }

    /// <summary>The framework's binding speaks of parameters and .NET types; a caller is told of the JSON.</summary>
    private static ProblemDetail Detail(JsonException json)
    {
        var fault = JsonFault.Of(json);
        var message = fault.Code switch
        {
            JsonFault.UnknownMember => "This member is not known here; names are case-sensitive.",
            JsonFault.DuplicateMember => "This member appears more than once.",
            JsonFault.InvalidText => "The text is not valid Unicode.",
            JsonFault.InvalidType => "The value is of another type than this member takes.",
            JsonFault.InvalidValue => json.Message,
            _ => "The body is not valid JSON, from here on.",
        };
        return new ProblemDetail(fault.Path, fault.Code, message);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is unavailable")]
    private partial void LogUnavailable(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception")]
    private partial void LogUnhandled(Exception exception);
}
