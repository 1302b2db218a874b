namespace MarketsApi.Infrastructure.Http;

/// <summary>Where to find what was made, as a declaration of an endpoint.</summary>
public static class LocationExtensions
{
    /// <summary>Declares that successes carry a Location header.</summary>
    public static TBuilder ProducesLocation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(LocationMetadata.Instance);
}

/// <summary>Declares that an endpoint's successes carry a Location header.</summary>
internal sealed class LocationMetadata
{
    public static readonly LocationMetadata Instance = new();
}
