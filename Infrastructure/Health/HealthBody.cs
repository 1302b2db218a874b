namespace MarketsApi.Infrastructure.Health;

/// <summary>The state of the program and of what it stands on: <c>healthy</c> or <c>degraded</c> each.</summary>
internal sealed record HealthBody(string Status, IReadOnlyDictionary<string, string> Checks);
