using MarketsApi.Infrastructure.OpenApi;

[assembly: ApiTag("Users", "Who the caller is, as their token says.")]

namespace MarketsApi.Features.GetCurrentUser;

/// <summary>Tells the caller who they are here.</summary>
public sealed class GetCurrentUserEndpoint : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/me", Handle)
            .WithName("GetCurrentUser")
            .WithTags("Users")
            .WithSummary("Read who you are")
            .WithDescription("The identity, role and permissions of the token that came with the request.")
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
