namespace Alba;

/// <summary>An answer was not as expected.</summary>
public sealed class ScenarioAssertionException(string message) : Exception(message);
