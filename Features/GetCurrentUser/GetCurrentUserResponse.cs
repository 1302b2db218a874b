namespace MarketsApi.Features.GetCurrentUser;

/// <summary>The caller, as their token says.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The user's email, or null; shown to nobody else.</param>
/// <param name="DisplayName">The name that others see.</param>
/// <param name="Role">The role, or null.</param>
/// <param name="Permissions">What the role allows: <c>read</c>, <c>write</c>, <c>delete</c>, <c>admin</c>.</param>
public sealed record GetCurrentUserResponse(
    Guid Id,
    string? Email,
    string DisplayName,
    string? Role,
    IReadOnlyList<string> Permissions
);
