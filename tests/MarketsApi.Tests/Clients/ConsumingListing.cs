namespace MarketsApi.Tests.Clients;

/// <summary>A listing of docs/consuming.md.</summary>
/// <param name="Heading">The heading that it is under.</param>
/// <param name="Code">What to run.</param>
/// <param name="Output">What the guide says that it prints, with <c>…</c> for what differs; null when it says nothing.</param>
internal sealed record ConsumingListing(string Heading, string Code, string? Output);
