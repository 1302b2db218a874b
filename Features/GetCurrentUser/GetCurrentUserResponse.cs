using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.GetCurrentUser;

/// <summary>The caller, according to their token.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The user's email, or null. Other users never see it.</param>
/// <param name="DisplayName">The user's public name.</param>
/// <param name="Role">The caller's role, or null.</param>
/// <param name="Permissions">The permissions of the role: <c>read</c>, <c>write</c>, <c>delete</c>, <c>admin</c>.</param>
/// <example>{"id": "0193b2f4-1f60-7d11-8a0e-5c3b9a7e6d42", "email": "ada@example.org", "displayName": "Ada Lovelace", "role": "user", "permissions": ["read", "write"]}</example>
public sealed record GetCurrentUserResponse(
    Guid Id,
    string? Email,
    string DisplayName,
    string? Role,
    [property: AllowedValues(typeof(PermissionNames))] IReadOnlyList<string> Permissions
);
