namespace MarketsApi.Infrastructure.Shutdown;

/// <summary>Whether the program is about to stop: it still answers, but wants no new work.</summary>
internal sealed class Draining
{
    private volatile bool _isOn;

    public bool IsOn => _isOn;

    public void Begin() => _isOn = true;
}
