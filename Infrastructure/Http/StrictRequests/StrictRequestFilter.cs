using System.Reflection;

namespace MarketsApi.Infrastructure.Http.StrictRequests;

/// <summary>Rejects what an endpoint's signature doesn't name, after authorization and before the framework binds.</summary>
/// <remarks>It finds every error at once in the caller's spelling; the framework's own binding stops at the first, and speaks of .NET types.</remarks>
internal static class StrictRequestFilter
{
    /// <summary>Puts the check in front of the endpoint, when it is a handler with a signature.</summary>
    public static void Guard(EndpointBuilder builder)
    {
        if (
            builder is not RouteEndpointBuilder { RequestDelegate: { } next } endpoint
            || builder.Metadata.OfType<MethodInfo>().LastOrDefault() is not { } handler
        )
        {
            return;
        }

        var signature = new RequestSignature(handler, endpoint);
        builder.RequestDelegate = context =>
            BodyRules.IsExpected(context, signature)
                ? ReadAsync(context, signature, next)
                : Problem(context, signature)?.ExecuteAsync(context) ?? next(context);
    }

    /// <remarks>Only reading tells how long a chunked body is; any other that is too long isn't read at all.</remarks>
    private static async Task ReadAsync(HttpContext context, RequestSignature signature, RequestDelegate next)
    {
        var isMeasured = context.Request.ContentLength is not null;
        if (!isMeasured)
        {
            await BodyRules.ReadAsync(context, signature);
        }

        if (Problem(context, signature) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        if (isMeasured)
        {
            await BodyRules.ReadAsync(context, signature);
        }

        await next(context);
    }

    private static ProblemResult? Problem(HttpContext context, RequestSignature signature)
    {
        if (
            BodyRules.IsExpected(context, signature)
            && BodyRules.ProblemOf(context.Request, signature.MediaTypes) is { } wrongBody
        )
        {
            return wrongBody;
        }

        List<ProblemDetail> errors =
        [
            .. ParameterTypes.ErrorsOf(context.Request, signature.Query),
            .. HeaderErrors(context, signature),
        ];
        return errors.Count > 0 ? ProblemResult.Invalid(errors)
            : signature.PathIds.All(name => Uuid.IsValid(context.Request.RouteValues[name] as string)) ? null
            : signature.NotFound;
    }

    private static IEnumerable<ProblemDetail> HeaderErrors(HttpContext context, RequestSignature signature)
    {
        var headers = context.Request.Headers;
        if (
            headers.TransferEncoding is { Count: > 0 } coding
            && !"chunked".Equals(coding, StringComparison.OrdinalIgnoreCase)
        )
        {
            yield return new(
                "Transfer-Encoding",
                "InvalidHeader",
                "The only transfer coding supported for a body is chunked."
            );
        }

        foreach (var (name, isValid) in signature.Headers)
        {
            if (headers.ContainsKey(name) && !isValid(context))
            {
                yield return new(name, "InvalidHeader", $"The header {name} is malformed.");
            }
        }
    }
}
