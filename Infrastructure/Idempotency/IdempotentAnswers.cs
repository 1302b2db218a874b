using MarketsApi.Infrastructure.Database;
using MarketsApi.Infrastructure.Errors;
using MarketsApi.Infrastructure.Http;
using Npgsql;
using Polly;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>Does what a request with a key asks for once, and gives its first answer from then on.</summary>
/// <remarks>docs/idempotency.md says how.</remarks>
internal sealed class IdempotentAnswers(
    NpgsqlDataSource source,
    Database.Database database,
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
        var tries = 0;
        return await _tries.ExecuteAsync(
            async token =>
            {
                if (tries++ > 0)
                {
                    context.Response.Clear();
                    ResponseHeaders.Set(context);
                }

                return await TryAsync(request, invocation, next, token);
            },
            context.RequestAborted
        );
    }

    private async Task<object?> TryAsync(
        IdempotentRequest request,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetStoredNow();
        await using var held = await database.HoldAsync(cancellationToken);
        await using var transaction = await held.Connection.BeginTransactionAsync(cancellationToken);
        var statements = new DatabaseTransaction(transaction, settings.CommandTimeoutSeconds);
        var first = (
            await statements.FindAsync<StoredAnswer>(
                IdempotencySql.Claim,
                new { request.Id, request.Lock },
                cancellationToken
            )
        )!;
        if (first.CreatedAt > now - IdempotencyKey.Life)
        {
            return first.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint)
                ? first
                : Refusal.Of(
                    IdempotencyProblems.Reused,
                    "This Idempotency-Key was used for a request with another body; send a new key with a new request"
                );
        }

        if (!first.IsClaimed)
        {
            return Refusal.Of(
                IdempotencyProblems.Outstanding,
                "The first request with this Idempotency-Key is still under way; send it again in a moment",
                RetryAfterSeconds
            );
        }

        if (first.CreatedAt is not null)
        {
            await statements.ExecuteAsync(IdempotencySql.Forget, new { request.Id }, cancellationToken);
        }

        var scope = WriteScope.Enter(transaction);
        var result = await next(invocation);
        if (((result as INestedHttpResult)?.Result ?? result) is not IResult answer || IsFailure(answer))
        {
            // Nothing is stored: neither what the handler may have written before it refused, nor the refusal.
            return result;
        }

        var body = await MakeAsync(answer, invocation.HttpContext);
        try
        {
            await statements.ExecuteAsync(
                IdempotencySql.StoreAndCommit,
                new
                {
                    request.Id,
                    request.Fingerprint,
                    Status = (short)invocation.HttpContext.Response.StatusCode,
                    Location = (string?)invocation.HttpContext.Response.Headers.Location,
                    EntityTag = (string?)invocation.HttpContext.Response.Headers.ETag,
                    Body = body,
                    Now = now,
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
        return new ReadyAnswer(body);
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

    /// <summary>An answer whose status and headers stand already.</summary>
    private sealed class ReadyAnswer(byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ReadyBody.SendAsync(httpContext.Response, body);
    }
}
