using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace MarketsApi.Infrastructure.Http.StrictRequests;

/// <summary>What the path, query string, headers and body of an endpoint can be, read from its handler's signature when the program starts.</summary>
internal sealed class RequestSignature
{
    private readonly Dictionary<string, Type> _query = new(StringComparer.Ordinal);
    private readonly List<string> _pathIds = [];

    public RequestSignature(MethodInfo handler, RouteEndpointBuilder endpoint)
    {
        var accepts = endpoint.Metadata.OfType<IAcceptsMetadata>().LastOrDefault();
        MediaTypes = accepts?.ContentTypes ?? [];
        IsBodyOptional = accepts?.IsOptional == true;
        Headers = [.. endpoint.Metadata.OfType<RequestHeaderMetadata>()];
        var notFound = endpoint
            .Metadata.OfType<ProducesProblemMetadata>()
            .SelectMany(metadata => metadata.Possible)
            .Select(possible => possible.Problem)
            .FirstOrDefault(problem => problem.Status == StatusCodes.Status404NotFound);
        NotFound = ProblemResult.Of(notFound ?? Problems.RouteNotFound);

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

    /// <summary>The parts of the path that are UUIDs.</summary>
    public IReadOnlyList<string> PathIds => _pathIds;

    /// <summary>The headers that are understood.</summary>
    public IReadOnlyList<RequestHeaderMetadata> Headers { get; }

    /// <summary>The body's media types; none when no body is read.</summary>
    public IReadOnlyList<string> MediaTypes { get; }

    /// <summary>Whether the body can be left out.</summary>
    public bool IsBodyOptional { get; }

    /// <summary>The response for an id that is not a UUID.</summary>
    public ProblemResult NotFound { get; }

    private void Add(ICustomAttributeProvider source, string name, Type type, RouteEndpointBuilder endpoint)
    {
        if (Find<FromHeaderAttribute>(source) is not null || Find<FromServicesAttribute>(source) is not null)
        {
            return;
        }

        if (endpoint.RoutePattern.GetParameter(name) is not null)
        {
            if (type == typeof(Guid))
            {
                _pathIds.Add(name);
            }
        }
        else if (ParameterTypes.IsKnown(type))
        {
            _query.Add(Find<FromQueryAttribute>(source)?.Name ?? FieldName.Of(name), type);
        }
        else if (Find<FromQueryAttribute>(source) is not null)
        {
            throw new InvalidOperationException(
                $"{endpoint.DisplayName} takes {name} from the query string as a {type.Name}, which {nameof(ParameterTypes)} doesn't know."
            );
        }
    }

    private static T? Find<T>(ICustomAttributeProvider source)
        where T : Attribute => source.GetCustomAttributes(typeof(T), true).OfType<T>().FirstOrDefault();
}
