using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>The authority's keys, for the first time: one fetch in flight, and its failure remembered for a moment.</summary>
/// <remarks>
/// The framework's manager lets those who wait in one after the other, each for a fetch of its own. Once there are keys it hands them out at once
/// and renews them in the background, so from then on this only passes on.
/// </remarks>
internal sealed class AuthorityKeys(IConfigurationManager<OpenIdConnectConfiguration> authority, TimeProvider clock)
    : BaseConfigurationManager,
        IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <summary>How long each of the two requests of a fetch may take.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long after a failure the keys are not requested again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<OpenIdConnectConfiguration>? _first;
    private long _failedAt;

    /// <summary>Whether there have been keys to check tokens with.</summary>
    public bool HasKeys => _first is { IsCompletedSuccessfully: true };

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (HasKeys)
        {
            return authority.GetConfigurationAsync(cancel);
        }

        lock (_lock)
        {
            if (_first is null || (_first.IsCompleted && !HasKeys && clock.GetElapsedTime(_failedAt) > Pause))
            {
                _first = FetchAsync();
            }

            return _first.WaitAsync(cancel);
        }
    }

    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) =>
        await GetConfigurationAsync(cancel);

    public override void RequestRefresh()
    {
        if (HasKeys)
        {
            authority.RequestRefresh();
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchAsync()
    {
        try
        {
            return await authority.GetConfigurationAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            _failedAt = clock.GetTimestamp();
            throw;
        }
    }
}
