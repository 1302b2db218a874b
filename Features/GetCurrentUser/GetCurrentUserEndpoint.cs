using MarketsApi.Infrastructure.OpenApi;

[assembly: ApiTag("Users", "The caller's identity, according to the token.")]

namespace MarketsApi.Features.GetCurrentUser;

/// <summary>Returns the caller's identity and permissions.</summary>
public sealed class GetCurrentUserEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/me", Handle)
            .WithName("GetCurrentUser")
            .WithTags("Users")
            .WithSummary("Get the current user")
            .WithDescription("Returns the caller's identity, role and permissions, according to the token.")
            .RequireToken();

    private static Ok<Envelope<GetCurrentUserResponse>> Handle(Caller caller) =>
        TypedResults.Ok(
            new Envelope<GetCurrentUserResponse>(
                new GetCurrentUserResponse(
                    caller.RequiredUserId,
                    caller.Email,
                    caller.DisplayName,
                    caller.Role,
                    [.. caller.Permissions.Select(PermissionNames.Of)]
                )
            )
        );
}
