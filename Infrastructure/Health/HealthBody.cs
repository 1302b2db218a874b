namespace MarketsApi.Infrastructure.Health;

/// <summary>The state of the program and of what it stands on: <c>healthy</c> or <c>degraded</c> each.</summary>
/// <param name="Status">The worst of the checks.</param>
/// <param name="Checks">The state of each thing that was looked at.</param>
/// <example>{"status": "healthy", "checks": {"postgres": "healthy", "redis": "healthy"}}</example>
internal sealed record HealthBody(string Status, IReadOnlyDictionary<string, string> Checks);
