namespace MarketsApi.Infrastructure.Idempotency;

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
