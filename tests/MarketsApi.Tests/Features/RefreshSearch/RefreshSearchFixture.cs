using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.RefreshSearch;

/// <summary>The program with its jobs, and without cached lists.</summary>
public sealed class RefreshSearchFixture : ApiFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Jobs:Enabled"] = "true", ["Caching:ListSeconds"] = "0" };
}
