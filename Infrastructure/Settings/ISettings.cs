namespace MarketsApi.Infrastructure.Settings;

/// <summary>A section of the configuration that is checked at start.</summary>
internal interface ISettings
{
    /// <summary>The section's name, such as <c>Auth</c>.</summary>
    static abstract string Section { get; }

    /// <summary>One sentence for each value that can't work, naming the setting and saying why.</summary>
    IEnumerable<string> Faults(IHostEnvironment environment);
}
