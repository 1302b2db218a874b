using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace MarketsApi.Infrastructure.Errors;

/// <summary>Says what was wrong with a request that the server or the framework's binding could not read.</summary>
internal sealed class BadRequestHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is not BadHttpRequestException bad)
        {
            return false;
        }

        var problem = bad.InnerException is JsonException json
            ? ProblemResult.Invalid(Detail(json))
            : ProblemResult.ForStatus(bad.StatusCode);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>The framework's messages are about parameters and .NET types; ours are about the JSON.</summary>
    private static ProblemDetail Detail(JsonException json)
    {
        var error = JsonError.Of(json);
        var message = error.Code switch
        {
            JsonError.UnknownMember => "Unknown property; names are case-sensitive.",
            JsonError.DuplicateMember => "This property appears more than once.",
            JsonError.InvalidText => "The text is not valid Unicode.",
            JsonError.InvalidType => "The value has the wrong type for this property.",
            JsonError.InvalidValue => json.Message,
            _ => "The body is not valid JSON from this point on.",
        };
        return new ProblemDetail(error.Path, error.Code, message);
    }
}
