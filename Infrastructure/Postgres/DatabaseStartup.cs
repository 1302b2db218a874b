using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Waits for a database that is not up yet, migrates it, and then lets requests in.</summary>
internal sealed partial class DatabaseStartup(
    Migrator migrator,
    DatabaseReadiness readiness,
    DatabaseSettings settings,
    IHostApplicationLifetime lifetime,
    ILogger<DatabaseStartup> logger
) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = TimeSpan.FromMilliseconds(100);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (settings.MigrateOnStart)
                {
                    await migrator.MigrateAsync(stoppingToken);
                }
                else
                {
                    await migrator.RequireMigratedAsync(stoppingToken);
                }

                readiness.Set();
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // Stopped while starting: what fails now fails because of that.
                return;
            }
            catch (Exception exception) when (IsWorthWaiting(exception))
            {
                LogWaiting(wait.TotalSeconds, exception.Message);
                await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, wait.TotalSeconds * 2));
            }
            catch (Exception exception) when (exception is MigrationException or PostgresException)
            {
                LogHopeless(exception.Message);
                readiness.GiveUp(exception);
                lifetime.StopApplication();
                return;
            }
        }
    }

    /// <summary>A missing migration is waited for, too: it is another process's to apply.</summary>
    private static bool IsWorthWaiting(Exception exception) =>
        exception is MigrationMissingException || DatabaseErrors.IsUnavailable(exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database is not ready; trying again in {seconds} s: {reason}"
    )]
    private partial void LogWaiting(double seconds, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database can't be used, so the program stops: {reason}")]
    private partial void LogHopeless(string reason);
}

/// <summary>Whether the database has been reached and has all its tables since the program started.</summary>
internal sealed class DatabaseReadiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isReady;
    private long _failures;

    /// <summary>The response to API callers until then.</summary>
    public static ProblemResult NotYet { get; } = ProblemResult.Of(Problems.ServiceUnavailable, retryAfterSeconds: 2);

    public bool IsReady => _isReady;

    /// <summary>Why the database can't be used at all, when it can't; the program stops then.</summary>
    public Exception? Error { get; private set; }

    /// <summary>How many requests have found the database unavailable since then.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Ends when it is.</summary>
    public Task WhenReady => _ready.Task;

    public void NoteFailure() => Interlocked.Increment(ref _failures);

    public void GiveUp(Exception error) => Error = error;

    public void Set()
    {
        _isReady = true;
        _ready.TrySetResult();
    }
}
