using Npgsql;
using Polly;

namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>Does what a request with a key asks for once, and returns its first response from then on.</summary>
/// <remarks>docs/idempotency.md says how.</remarks>
internal sealed class IdempotencyFilter(NpgsqlDataSource source, TimeProvider clock)
{
    private readonly ResiliencePipeline _tries = DatabaseRetries.ForRepeatableWrites(source.Clear);

    /// <summary>The handler's response, once its writes are committed; with a key, the first response, or the problem.</summary>
    public async ValueTask<object?> InvokeAsync(
        IdempotentWrite write,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        var cancellationToken = invocation.HttpContext.RequestAborted;
        if (write.Request is null)
        {
            return await TryAsync(write, invocation, next, claimsFirst: false, cancellationToken);
        }

        var claimsFirst = false;
        return await _tries.ExecuteAsync(
            async token =>
            {
                if (!claimsFirst)
                {
                    claimsFirst = true;
                    try
                    {
                        return await TryAsync(write, invocation, next, claimsFirst: false, token);
                    }
                    catch (PostgresException exception) when (exception.SqlState == IdempotencySql.NotFree)
                    {
                        // Nothing was done.
                    }
                }

                invocation.HttpContext.Response.Clear();
                return await TryAsync(write, invocation, next, claimsFirst, token);
            },
            cancellationToken
        );
    }

    /// <summary>Lets the handler return and, unless it returns a problem, commits what it wrote.</summary>
    /// <remarks>Assumes that the key is unused, which is nearly always right, unless told to claim it first.</remarks>
    private async Task<object?> TryAsync(
        IdempotentWrite write,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next,
        bool claimsFirst,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (claimsFirst)
            {
                await write.ClaimAsync(cancellationToken);
            }

            var result = invocation.HttpContext.Features.Get<DeferredProblem>()?.Problem ?? await next(invocation);
            if (((result as INestedHttpResult)?.Result ?? result) is not IResult response || IsFailure(response))
            {
                // Nothing is stored: neither what the handler may have written before it, nor the problem. But where the key was not
                // looked at yet, the first response may have been a success.
                if (write is { Request: not null, IsClaimed: false })
                {
                    await write.ClaimAsync(cancellationToken);
                }

                return result;
            }

            if (write.Request is not { } request)
            {
                await write.CommitAsync(null, cancellationToken);
                await write.CommittedAsync();
                return result;
            }

            var body = await RenderAsync(response, invocation.HttpContext);
            await write.CommitAsync(ToStore(request, invocation.HttpContext.Response, body), cancellationToken);
            await write.CommittedAsync();
            return new RenderedResponse(body);
        }
        catch (IdempotencyKeyTakenException taken)
        {
            return taken.Response;
        }
        catch (Exception exception) when (DatabaseErrors.LeavesCommitOpen(exception))
        {
            await write.InDoubtAsync();
            throw;
        }
        finally
        {
            await write.ResetAsync();
        }
    }

    private static bool IsFailure(IResult response) => response is IStatusCodeHttpResult { StatusCode: >= 400 };

    private object ToStore(IdempotentRequest request, HttpResponse response, byte[] body) =>
        new
        {
            ResponseId = request.Id,
            ResponseFingerprint = request.Fingerprint,
            ResponseStatus = (short)response.StatusCode,
            ResponseLocation = (string?)response.Headers.Location,
            ResponseEntityTag = (string?)response.Headers.ETag,
            ResponseBody = body,
            RespondedAt = clock.GetStoredNow(),
        };

    /// <summary>Lets the result write its status and headers, and keeps the body back until it has been stored.</summary>
    private static async Task<byte[]> RenderAsync(IResult response, HttpContext context)
    {
        var sent = context.Response.Body;
        var body = new MemoryStream();
        context.Response.Body = body;
        try
        {
            await response.ExecuteAsync(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = sent;
        }

        return body.ToArray();
    }

    /// <summary>A response whose status and headers are set already.</summary>
    private sealed class RenderedResponse(byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => JsonBody.SendAsync(httpContext.Response, body);
    }
}

/// <summary>What is known of a key, and the first response if there is one, returned again byte for byte.</summary>
internal sealed record StoredResponse : IResult
{
    /// <summary>Whether this transaction holds the key now.</summary>
    public bool IsClaimed { get; init; }

    /// <summary>When the first response was made; null when no response is stored.</summary>
    public DateTime? CreatedAt { get; init; }

    public byte[] Fingerprint { get; init; } = [];

    public short Status { get; init; }

    public string? Location { get; init; }

    public string? EntityTag { get; init; }

    public byte[] Body { get; init; } = [];

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.Location = Location;
        if (EntityTag is not null)
        {
            httpContext.SetEntityTag(EntityTag);
        }

        response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        return JsonBody.SendAsync(response, Body);
    }
}

/// <summary>Requests that can be sent again, as an endpoint's declaration.</summary>
public static class IdempotencyExtensions
{
    /// <summary>What the endpoints that honour a key have in common.</summary>
    internal static readonly RequestHeaderMetadata KeyHeader = new(
        IdempotencyKey.Header,
        context => context.Request.Headers[IdempotencyKey.Header] is [var key] && IdempotencyKey.IsValid(key)
    );

    /// <summary>
    /// Honours Idempotency-Key: what the handler writes through its <see cref="IdempotentWrite"/> and its response are stored as one, and the
    /// same request again gets that response. Goes behind <c>RequirePermission</c> and <c>Validate</c>, which come first on each try.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="exceptWhen">A query parameter with which a request changes nothing when it is <c>true</c>: then there is nothing to do once, and the key is ignored.</param>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder builder, string? exceptWhen = null)
    {
        builder
            .WithMetadata(KeyHeader)
            .ProducesProblem(IdempotencyProblems.Outstanding, IdempotencyProblems.Reused)
            .AddEndpointFilterFactory(
                (context, next) =>
                {
                    var filter = context.ApplicationServices.GetRequiredService<IdempotencyFilter>();
                    var index = Array.FindIndex(
                        context.MethodInfo.GetParameters(),
                        parameter => parameter.ParameterType == typeof(IdempotentWrite)
                    );
                    return index < 0
                        ? throw new InvalidOperationException(
                            $"A handler of an endpoint with .Idempotent() writes through an {nameof(IdempotentWrite)}: give {context.MethodInfo.DeclaringType} that parameter."
                        )
                        : invocation =>
                            filter.InvokeAsync(invocation.GetArgument<IdempotentWrite>(index), invocation, next);
                }
            );
        builder.Add(endpoint =>
        {
            var validation = endpoint.Metadata.OfType<ValidationMetadata>().Count();
            var declared = endpoint.Metadata.ToList().FindIndex(item => ReferenceEquals(item, KeyHeader));
            if (endpoint.Metadata.Take(declared).OfType<ValidationMetadata>().Count() < validation)
            {
                throw new InvalidOperationException(
                    $"{endpoint.DisplayName} validates behind its idempotency key: move .Idempotent() behind .Validate<…>()."
                );
            }
        });
        builder.Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
                context.Request.Headers.TryGetValue(IdempotencyKey.Header, out var key)
                && (exceptWhen is null || context.Request.Query[exceptWhen] != "true")
                    ? ReadAsync(context, key!, next)
                    : next(context);
        });
        return builder;
    }

    /// <summary>Takes the body's fingerprint before the framework binds it.</summary>
    private static async Task ReadAsync(HttpContext context, string key, RequestDelegate next)
    {
        var request = context.Request;
        var body = new MemoryStream((int)(request.ContentLength ?? 0));
        await request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        request.Body = body;
        context.Features.Set(
            IdempotentRequest.Of(
                Caller.Of(context).RequiredUserId,
                request.Method,
                request.Path.Value!,
                key,
                body.GetBuffer().AsSpan(0, (int)body.Length)
            )
        );
        context.Features.Set(new DeferredProblem());
        await next(context);
    }
}

/// <summary>Requests that can be sent again without being done twice.</summary>
internal static class IdempotencySetup
{
    public static void AddIdempotency(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<IdempotencyFilter>();
}
