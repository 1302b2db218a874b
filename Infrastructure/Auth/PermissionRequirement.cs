namespace MarketsApi.Infrastructure.Auth;

/// <summary>What an endpoint needs: a permission, or with null just a valid token.</summary>
internal sealed record PermissionRequirement(Permission? Permission);
