namespace MarketsApi.Features.Shared;

/// <summary>Who made something, as everybody may see it.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="DisplayName">The user's name.</param>
public sealed record Creator(Guid Id, string DisplayName);
