using Microsoft.AspNetCore.Authorization;

namespace MarketsApi.Infrastructure.Auth;

/// <summary>Refuses to start with an endpoint that doesn't say who may use it: everybody would be refused.</summary>
internal static class PermissionCheck
{
    public static void Demand(EndpointBuilder builder)
    {
        if (!builder.Metadata.Any(item => item is PermissionRequirement or IAllowAnonymous))
        {
            throw new InvalidOperationException(
                $"{builder.DisplayName} doesn't say who may use it: add .RequirePermission(…), .RequireToken() or .AllowAnonymous() to the route."
            );
        }
    }
}
