using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>What an exception of the database means for the caller and for another try.</summary>
internal static class DatabaseErrors
{
    /// <summary>The database is unavailable, starting, stopping, or too busy: the same request can succeed later.</summary>
    /// <remarks>Only what the database or its driver has thrown: another's TimeoutException or SocketException is not the database's.</remarks>
    public static bool IsUnavailable(Exception exception) =>
        exception switch
        {
            _ when IsConflict(exception) => true,
            PostgresException { SqlState: var state } => state is PostgresErrorCodes.QueryCanceled
                || state.StartsWith("08", StringComparison.Ordinal)
                || state.StartsWith("53", StringComparison.Ordinal)
                || state.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException or DatabaseBusyException => true,
            _ => exception.InnerException is { } inner && IsUnavailable(inner),
        };

    /// <summary>It is unknown whether the write was committed: the connection broke, or the wait for the server's response ended.</summary>
    public static bool LeavesCommitOpen(Exception exception) =>
        exception switch
        {
            PostgresException => IsBrokenConnection(exception),
            NpgsqlException or OperationCanceledException => true,
            _ => false,
        };

    /// <summary>The connection broke or was refused; the same statement on another one may go through.</summary>
    /// <remarks>Running out of connections or time is left out: trying again would add to what is already too much.</remarks>
    public static bool IsBrokenConnection(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: var state } => state.StartsWith("08", StringComparison.Ordinal)
                || state.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException { InnerException: TimeoutException } => false,
            NpgsqlException => true,
            _ => false,
        };

    /// <summary>The server rolled the transaction back because of another one: as if it had never been tried.</summary>
    public static bool IsConflict(Exception exception) =>
        exception
            is PostgresException
            {
                SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            };

    /// <summary>A row with this key is there already, which it was not when the transaction looked.</summary>
    public static bool IsTaken(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}

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
