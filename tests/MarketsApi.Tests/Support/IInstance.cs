namespace MarketsApi.Tests.Support;

/// <summary>A running instance of the program: a process of its own, or a host within the tests' process.</summary>
public interface IInstance : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    Uri Address { get; }

    /// <summary>A client whose base address is the instance's.</summary>
    HttpClient Client { get; }

    /// <summary>What it has logged so far.</summary>
    string Everything { get; }

    /// <summary>Whether it has not ended.</summary>
    bool IsRunning { get; }
}
