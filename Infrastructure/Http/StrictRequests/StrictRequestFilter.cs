using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Infrastructure.Http.StrictRequests;

/// <summary>What the path, query string, headers and body of one endpoint may be; read once from its handler's signature.</summary>
/// <remarks>
/// It runs behind authorization and before the framework binds, and finds every fault at once in the caller's spelling.
/// The framework's own binding stops at the first, and speaks of .NET types.
/// </remarks>
internal sealed class StrictRequestFilter
{
    /// <summary>The largest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 65_536;

    /// <summary>The most that is read of a connection for one body: Kestrel counts the framing of chunks as well, 5 bytes of it for a chunk of one.</summary>
    public const int MaxFramedBytes = 8 * MaxBodyBytes;

    private readonly Dictionary<string, Type> _query = new(StringComparer.Ordinal);
    private readonly List<RequestHeaderMetadata> _headers = [];
    private readonly List<string> _uuidsOfPath = [];
    private readonly IReadOnlyList<string> _mediaTypes;
    private readonly bool _isBodyOptional;
    private readonly ProblemResult _notFound;

    private StrictRequestFilter(MethodInfo handler, RouteEndpointBuilder endpoint)
    {
        var metadata = endpoint.Metadata;
        var accepts = metadata.OfType<IAcceptsMetadata>().LastOrDefault();
        _mediaTypes = accepts?.ContentTypes ?? [];
        _isBodyOptional = accepts?.IsOptional == true;
        var notFound = metadata
            .OfType<ProducesProblemMetadata>()
            .SelectMany(m => m.Possible)
            .Select(p => p.Problem)
            .FirstOrDefault(p => p.Status == 404);
        _notFound = ProblemResult.Of(notFound ?? Problems.RouteNotFound);
        _headers.AddRange(metadata.OfType<RequestHeaderMetadata>());

        foreach (var parameter in handler.GetParameters())
        {
            if (parameter.IsDefined(typeof(AsParametersAttribute)))
            {
                foreach (var property in parameter.ParameterType.GetProperties().Where(p => p.CanWrite))
                {
                    Add(property, property.Name, property.PropertyType, endpoint);
                }
            }
            else
            {
                Add(parameter, parameter.Name!, parameter.ParameterType, endpoint);
            }
        }
    }

    /// <summary>The query parameters that exist, by name.</summary>
    public IReadOnlyDictionary<string, Type> Query => _query;

    /// <summary>What to tell a caller whose body is of another media type or charset.</summary>
    public static string ExpectedBody(IEnumerable<string> mediaTypes) =>
        $"Send the body as {string.Join(" or ", mediaTypes)}, in UTF-8";

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

        var shape = new StrictRequestFilter(handler, endpoint);
        builder.Metadata.Add(shape);
        builder.RequestDelegate = context =>
            shape.Check(context)?.ExecuteAsync(context)
            ?? (shape.HasUnmeasuredBody(context.Request) ? MeasureBodyAsync(context, next) : next(context));
    }

    private static async Task MeasureBodyAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var body = new byte[MaxBodyBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, false, context.RequestAborted);
        if (length > MaxBodyBytes)
        {
            await ProblemResult.Of(Problems.BodyTooLarge).ExecuteAsync(context);
            return;
        }

        request.Body = new MemoryStream(body, 0, length, writable: false);
        await next(context);
    }

    /// <summary>Whether a body is read whose length no header has told.</summary>
    private bool HasUnmeasuredBody(HttpRequest request) => TakesBodyOf(request) && request.ContentLength is null;

    /// <summary>Whether there is a body to look at, or has to be one.</summary>
    private bool TakesBodyOf(HttpRequest request) =>
        _mediaTypes.Count > 0
        && !(
            _isBodyOptional
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
        );

    private ProblemResult? Check(HttpContext context)
    {
        var request = context.Request;
        if (TakesBodyOf(request) && CheckBody(request) is { } wrongBody)
        {
            return wrongBody;
        }

        List<ProblemDetail>? faults = null;
        if (request.QueryString.HasValue)
        {
            CheckQuery(request.Query, ref faults);
        }

        foreach (var (name, isValid) in _headers)
        {
            if (request.Headers.ContainsKey(name) && !isValid(context))
            {
                (faults ??= []).Add(new(name, "InvalidHeader", $"The header {name} is malformed."));
            }
        }

        if (faults is not null)
        {
            return ProblemResult.Invalid(faults);
        }

        foreach (var name in _uuidsOfPath)
        {
            if (!ParameterTypes.IsUuid(request.RouteValues[name] as string))
            {
                return _notFound;
            }
        }

        return null;
    }

    private ProblemResult? CheckBody(HttpRequest request)
    {
        if (request.ContentLength > MaxBodyBytes)
        {
            return ProblemResult.Of(Problems.BodyTooLarge);
        }

        var type = request.GetTypedHeaders().ContentType;
        var isAccepted =
            type is not null
            && _mediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Value?.Trim('"').ToUpperInvariant() is "UTF-8" or "UTF8");
        if (!isAccepted)
        {
            return ProblemResult.Of(Problems.UnsupportedMediaType, ExpectedBody(_mediaTypes));
        }

        // The framework looks the charset up by name and knows neither quotes nor aliases; without one it reads UTF-8.
        if (type!.Charset.HasValue)
        {
            request.ContentType = type.MediaType.Value;
        }

        return null;
    }

    private void CheckQuery(IQueryCollection query, ref List<ProblemDetail>? faults)
    {
        foreach (var (name, values) in query)
        {
            var fault =
                !_query.TryGetValue(name, out var type) ? ("UnknownParameter", "There is no such query parameter here")
                : values.Count > 1 ? ("RepeatedParameter", $"The query parameter {name} may appear only once")
                : string.IsNullOrEmpty(values[0]) ? ("EmptyParameter", $"The query parameter {name} has no value")
                : ParameterTypes.Fault(type, values[0]!) is { } wrong
                    ? (wrong.Code, $"The query parameter {name} {wrong.Expected}")
                : default((string Code, string Message)?);
            if (fault is var (code, message))
            {
                (faults ??= []).Add(new(name, code, message + "."));
            }
        }
    }

    private void Add(ICustomAttributeProvider source, string name, Type type, RouteEndpointBuilder endpoint)
    {
        if (Find<FromHeaderAttribute>(source) is not null)
        {
            return;
        }

        if (!ParameterTypes.IsKnown(type) || Find<FromServicesAttribute>(source) is not null)
        {
            return;
        }

        if (endpoint.RoutePattern.GetParameter(name) is not null)
        {
            if (type == typeof(Guid))
            {
                _uuidsOfPath.Add(name);
            }

            return;
        }

        _query.Add(Find<FromQueryAttribute>(source)?.Name ?? FieldName.Of(name), type);
    }

    private static T? Find<T>(ICustomAttributeProvider source)
        where T : Attribute => source.GetCustomAttributes(typeof(T), true).OfType<T>().FirstOrDefault();
}
