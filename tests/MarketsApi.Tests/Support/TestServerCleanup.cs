using MarketsApi.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(TestServerCleanup))]

namespace MarketsApi.Tests.Support;

/// <summary>Leaves the test server as it was: it may be one that lasts.</summary>
public sealed class TestServerCleanup : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TestDatabase.DropTemplateAsync();
}
