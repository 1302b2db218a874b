using Xunit;

namespace MarketsApi.Tests.Support;

/// <summary>Test classes that load the machine or measure time, and so run while no other does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
