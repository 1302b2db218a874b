namespace MarketsApi.Infrastructure.Http;

/// <summary>Declares that an endpoint's successes carry a Location header.</summary>
internal sealed class LocationMetadata
{
    public static readonly LocationMetadata Instance = new();
}
