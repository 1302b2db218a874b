using Microsoft.AspNetCore.Diagnostics;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Returns 503 where the database is unavailable or too busy: the same request can succeed later.</summary>
internal sealed partial class DatabaseExceptionHandler(
    DatabaseReadiness readiness,
    ILogger<DatabaseExceptionHandler> logger
) : IExceptionHandler
{
    /// <summary>The Retry-After, in seconds: long enough not to overload a database that has just come back.</summary>
    private const int RetryAfterSeconds = 2;

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (!DatabaseErrors.IsUnavailable(exception))
        {
            return false;
        }

        // The limiter has said it for all that it turned away; a stack trace for each would add to the load.
        if (exception is not DatabaseBusyException)
        {
            readiness.NoteFailure();
            LogUnavailable(exception);
        }

        await ProblemResult
            .Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds)
            .ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is unavailable")]
    private partial void LogUnavailable(Exception exception);
}
