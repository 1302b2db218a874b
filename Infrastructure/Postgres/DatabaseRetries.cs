using Npgsql;
using Polly;
using Polly.Retry;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>When a statement is tried again, with exponential backoff and jitter.</summary>
internal static class DatabaseRetries
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(40);

    /// <summary>Whether a statement that changes nothing may do better on another connection.</summary>
    public static bool IsWorthAnotherRead(Exception exception) =>
        DatabaseErrors.IsBrokenConnection(exception) || DatabaseErrors.IsConflict(exception);

    /// <summary>For statements that change nothing and have failed once.</summary>
    public static ResiliencePipeline ForReads(Action connectionBroke) =>
        Build(IsWorthAnotherRead, exception => ClearWhenBroken(exception, connectionBroke));

    /// <summary>For statements that change something: only when the server itself says that it undid them.</summary>
    public static ResiliencePipeline ForWrites() => Build(DatabaseErrors.IsConflict, _ => { });

    /// <summary>For writes that detect whether they were done before, even a moment before by another request.</summary>
    public static ResiliencePipeline ForRepeatableWrites(Action connectionBroke) =>
        Build(
            exception => IsWorthAnotherRead(exception) || DatabaseErrors.IsTaken(exception),
            exception => ClearWhenBroken(exception, connectionBroke)
        );

    /// <summary>For getting a connection, before any statement is sent.</summary>
    public static ResiliencePipeline ForConnecting(Action connectionBroke) =>
        Build(DatabaseErrors.IsBrokenConnection, _ => connectionBroke());

    /// <summary>For the one connection of a migration: a server that many start against at once is slow to take each, and is waited for.</summary>
    public static ResiliencePipeline ForMigrating() =>
        Build(
            exception =>
                DatabaseErrors.IsBrokenConnection(exception)
                || exception is NpgsqlException { InnerException: TimeoutException },
            _ => { }
        );

    private static void ClearWhenBroken(Exception exception, Action connectionBroke)
    {
        if (DatabaseErrors.IsBrokenConnection(exception))
        {
            connectionBroke();
        }
    }

    private static ResiliencePipeline Build(Func<Exception, bool> isWorthIt, Action<Exception> onRetry) =>
        new ResiliencePipelineBuilder()
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(arguments.Outcome.Exception is { } exception && isWorthIt(exception)),
                    MaxRetryAttempts = MaxRetries,
                    Delay = FirstDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    OnRetry = arguments =>
                    {
                        onRetry(arguments.Outcome.Exception!);
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();
}
