using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.Caching;

/// <summary>One connection to each instance.</summary>
internal sealed class ClientOfEach(IReadOnlyList<IInstance> instances) : IDisposable
{
    private readonly HttpClient[] _clients = [.. instances.Select(Fleet.OneConnectionTo)];

    /// <summary>The connection to any of them, and its number.</summary>
    public (int Number, HttpClient Client) Any()
    {
        var number = Random.Shared.Next(_clients.Length);
        return (number, _clients[number]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }
}
