using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Who may use an operation, in the document's terms and in a sentence.</summary>
internal sealed class OperationSecurity(AuthSettings settings) : IOpenApiOperationTransformer
{
    /// <summary>The name of the only security scheme.</summary>
    public const string Scheme = "bearer";

    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.AllMetadata<PermissionRequirement>().FirstOrDefault(r => r.Option is null) is not { } requirement)
        {
            operation.Security = [];
            return Task.CompletedTask;
        }

        var bearer = new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [],
        };
        var isOpen = requirement.IsOpen(settings);
        operation.Security = isOpen
            ?
            [
                [],
                bearer,
            ]
            : [bearer];
        operation.Description += requirement.Permission switch
        {
            null => " Requires a token of any role.",
            _ when isOpen => " Open to anyone.",
            { } permission =>
                $" Requires the permission `{PermissionNames.Of(permission)}`. Roles with it: {string.Join(", ", RolesWith(permission))}.",
        };
        return Task.CompletedTask;
    }

    private static IEnumerable<string> RolesWith(Permission permission) =>
        Roles.Permissions.Where(role => role.Value.Contains(permission)).Select(role => $"`{role.Key}`");
}
