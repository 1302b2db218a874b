namespace Alba;

/// <summary>The program under test. Stand-in for the part of Alba 8 that these tests call, on a real Kestrel port.</summary>
public interface IAlbaHost : IAsyncDisposable
{
    /// <summary>The program's services.</summary>
    IServiceProvider Services { get; }

    /// <summary>Sends one request and holds its answer against what is expected.</summary>
    Task<IScenarioResult> Scenario(Action<Scenario> configure);
}
