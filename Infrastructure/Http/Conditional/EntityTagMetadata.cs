namespace MarketsApi.Infrastructure.Http.Conditional;

/// <summary>Says that an endpoint's answers carry an ETag.</summary>
internal sealed class EntityTagMetadata
{
    public static readonly EntityTagMetadata Instance = new();
}
