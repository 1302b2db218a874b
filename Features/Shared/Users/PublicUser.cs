namespace MarketsApi.Features.Shared.Users;

/// <summary>The public data of a user.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="DisplayName">The user's name.</param>
/// <example>{"id": "0193b2f4-1f60-7d11-8a0e-5c3b9a7e6d42", "displayName": "Ada Lovelace"}</example>
public sealed record PublicUser(Guid Id, string DisplayName);
