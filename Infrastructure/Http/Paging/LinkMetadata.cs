namespace MarketsApi.Infrastructure.Http.Paging;

/// <summary>Says that an endpoint's answers carry a Link header.</summary>
internal sealed class LinkMetadata
{
    public static readonly LinkMetadata Instance = new();
}
