using MarketsApi.Infrastructure.Http.Server;
using Npgsql;
using Polly;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>Does what a request with a key asks for once, and gives its first answer from then on.</summary>
/// <remarks>docs/idempotency.md says how.</remarks>
internal sealed class IdempotencyFilter(
    NpgsqlDataSource source,
    Database database,
    DatabaseSettings settings,
    TimeProvider clock
)
{
    /// <summary>What a caller is told to wait, in seconds, while the first request is under way: most take milliseconds.</summary>
    private const int RetryAfterSeconds = 1;

    private readonly ResiliencePipeline _tries = DatabaseRetries.ForRepeatableWrites(source.Clear);

    /// <summary>The first answer, or the handler's own when it is the first, or why there is none.</summary>
    public async ValueTask<object?> AnswerAsync(
        IdempotentRequest request,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        var context = invocation.HttpContext;
        var (tries, mayBeKnown) = (0, false);
        return await _tries.ExecuteAsync(
            async token =>
            {
                if (tries++ > 0)
                {
                    mayBeKnown = true;
                    BeginAgain(context);
                }

                if (!mayBeKnown)
                {
                    if (await TryAsNewAsync(request, invocation, next, token) is { } answer)
                    {
                        return answer.Result;
                    }

                    mayBeKnown = true;
                    BeginAgain(context);
                }

                return await LookAndTryAsync(request, invocation, next, token);
            },
            context.RequestAborted
        );
    }

    private static void BeginAgain(HttpContext context)
    {
        context.Response.Clear();
        ResponseHeaders.Set(context);
    }

    /// <summary>Claims the key along with the handler's first statement, as if nobody had used it yet; nearly always that is so.</summary>
    /// <returns>Null when the key isn't free, and nothing has been done.</returns>
    private async Task<Answered?> TryAsNewAsync(
        IdempotentRequest request,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next,
        CancellationToken cancellationToken
    )
    {
        await using var held = await database.HoldAsync(cancellationToken);
        await using var transaction = await held.Connection.BeginTransactionAsync(cancellationToken);
        var statements = new DatabaseTransaction(
            transaction,
            settings.CommandTimeoutSeconds,
            new(IdempotencySql.Claim, new { KeyId = request.Id, KeyLock = request.Lock })
        );
        try
        {
            var answer = await DoAsync(statements, request, invocation, next, cancellationToken);
            // A refusal for which the database wasn't asked: perhaps it was not refused the first time.
            return statements.IsStillToOpen ? null : answer;
        }
        catch (PostgresException exception) when (exception.SqlState == IdempotencySql.NotFree)
        {
            return null;
        }
    }

    /// <summary>Looks for the first answer; does what is asked for when there is none and nobody else is at it.</summary>
    private async Task<object?> LookAndTryAsync(
        IdempotentRequest request,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next,
        CancellationToken cancellationToken
    )
    {
        await using var held = await database.HoldAsync(cancellationToken);
        await using var transaction = await held.Connection.BeginTransactionAsync(cancellationToken);
        var statements = new DatabaseTransaction(transaction, settings.CommandTimeoutSeconds);
        var first = (
            await statements.FindAsync<StoredResponse>(
                IdempotencySql.ClaimAndFind,
                new { request.Id, request.Lock },
                cancellationToken
            )
        )!;
        if (first.CreatedAt > clock.GetStoredNow() - IdempotencyKey.Life)
        {
            return first.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint)
                ? first
                : ProblemResult.Of(
                    IdempotencyProblems.Reused,
                    "This Idempotency-Key was used for a request with another body; send a new key with a new request"
                );
        }

        if (!first.IsClaimed)
        {
            return ProblemResult.Of(
                IdempotencyProblems.Outstanding,
                "The first request with this Idempotency-Key is still under way; send it again in a moment",
                RetryAfterSeconds
            );
        }

        if (first.CreatedAt is not null)
        {
            await statements.ExecuteAsync(IdempotencySql.Forget, new { request.Id }, cancellationToken);
        }

        return (await DoAsync(statements, request, invocation, next, cancellationToken)).Result;
    }

    /// <summary>Lets the handler answer and, unless it refuses, stores what it answers and commits both.</summary>
    private async Task<Answered> DoAsync(
        DatabaseTransaction statements,
        IdempotentRequest request,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetStoredNow();
        var scope = WriteScope.Enter(statements);
        var result = await next(invocation);
        if (((result as INestedHttpResult)?.Result ?? result) is not IResult answer || IsFailure(answer))
        {
            // Nothing is stored: neither what the handler may have written before it refused, nor the refusal.
            return new(result);
        }

        var body = await MakeAsync(answer, invocation.HttpContext);
        try
        {
            await scope.EndAsync(
                IdempotencySql.StoreAndCommit,
                new
                {
                    AnswerId = request.Id,
                    AnswerFingerprint = request.Fingerprint,
                    AnswerStatus = (short)invocation.HttpContext.Response.StatusCode,
                    AnswerLocation = (string?)invocation.HttpContext.Response.Headers.Location,
                    AnswerEntityTag = (string?)invocation.HttpContext.Response.Headers.ETag,
                    AnswerBody = body,
                    AnsweredAt = now,
                },
                cancellationToken
            );
        }
        catch (Exception)
        {
            await scope.InDoubtAsync();
            throw;
        }

        await scope.CommittedAsync();
        return new(new ReadyAnswer(body));
    }

    private static bool IsFailure(IResult answer) => answer is IStatusCodeHttpResult { StatusCode: >= 400 };

    /// <summary>Lets the result write its status and headers, and keeps the body back until it has been stored.</summary>
    private static async Task<byte[]> MakeAsync(IResult answer, HttpContext context)
    {
        var sent = context.Response.Body;
        var body = new MemoryStream();
        context.Response.Body = body;
        try
        {
            await answer.ExecuteAsync(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = sent;
        }

        return body.ToArray();
    }

    private sealed record Answered(object? Result);

    /// <summary>An answer whose status and headers stand already.</summary>
    private sealed class ReadyAnswer(byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => JsonBody.SendAsync(httpContext.Response, body);
    }
}
