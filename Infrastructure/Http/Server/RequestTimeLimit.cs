namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Ends a request that takes too long, with all that it waits for; its caller is told to come back.</summary>
/// <remarks>By the token that everything here passes on: the framework's own middleware does the same, but can't be used where answers from memory are told from others.</remarks>
internal sealed partial class RequestTimeLimit(HttpSettings settings, ILogger<RequestTimeLimit> logger)
{
    private const int RetryAfterSeconds = 2;

    private readonly TimeSpan _limit = TimeSpan.FromSeconds(settings.RequestTimeoutSeconds);

    /// <summary>Carries this part of the request out, within the time that a request has.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate work)
    {
        var aborted = context.RequestAborted;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(_limit);
        context.RequestAborted = limit.Token;
        try
        {
            await work(context);
        }
        catch (Exception)
            when (limit.IsCancellationRequested && !aborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            LogTooLong(settings.RequestTimeoutSeconds);
            context.RequestAborted = aborted;
            context.Response.Clear();
            ResponseHeaders.Set(context);
            await ProblemResult
                .Of(Problems.ServiceUnavailable, retryAfterSeconds: RetryAfterSeconds)
                .ExecuteAsync(context);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request was given up after {seconds} s")]
    private partial void LogTooLong(int seconds);
}
