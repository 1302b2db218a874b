using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.ListMarkets;

/// <summary>The program keeping no lists, for tests that change markets beside it and may ask the same again.</summary>
public sealed class UncachedLists : ApiFixture
{
    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Caching:ListSeconds"] = "0" };
}
