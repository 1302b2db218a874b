using FluentValidation;
using MarketsApi.Infrastructure.Http;
using MarketsApi.Infrastructure.Http.Paging;
using MarketsApi.Infrastructure.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Validation;

/// <summary>A route that forgets validation or permission, or validates what isn't there, stops the program instead of its first caller.</summary>
public sealed class ValidationMisuseTests
{
    [Fact]
    public void A_request_that_is_not_validated_stops_the_program_with_what_to_add()
    {
        var error = ErrorOf(routes => routes.MapPost("/x", (PageRequest request) => TypedResults.Ok(request.Limit)));

        Assert.Equal(
            "HTTP: POST /x takes a PageRequest and doesn't validate it: add .Validate<PageRequest>() to the route.",
            error
        );
    }

    [Fact]
    public void A_validation_that_no_parameter_matches_stops_the_program()
    {
        var error = ErrorOf(routes => routes.MapPost("/x", () => TypedResults.Ok()).Validate<PageRequest>());

        Assert.Matches("validates PageRequest, which no parameter of its handler has\\.$", error);
    }

    [Fact]
    public void A_type_without_a_validator_stops_the_program_with_what_to_write()
    {
        var error = ErrorOf(routes =>
            routes
                .MapPost("/x", (UnvalidatedRequest request) => TypedResults.Ok(request.Name))
                .Validate<UnvalidatedRequest>()
        );

        Assert.Equal(
            "UnvalidatedRequest has no validator: add UnvalidatedValidator : AbstractValidator<UnvalidatedRequest> to its folder.",
            error
        );
    }

    [Fact]
    public void A_validated_request_is_accepted()
    {
        Assert.Null(
            ErrorOf(routes =>
                routes
                    .MapPost("/x", (PageRequest request) => TypedResults.Ok(request.Limit))
                    .Validate<PageRequest>()
                    .AllowAnonymous()
            )
        );
    }

    [Fact]
    public void A_route_that_does_not_say_who_may_use_it_stops_the_program_with_what_to_add()
    {
        var error = ErrorOf(routes => routes.MapDelete("/x", () => TypedResults.NoContent()));

        Assert.Equal(
            "HTTP: DELETE /x doesn't say who may use it: add .RequirePermission(…), .RequireToken() or .AllowAnonymous() to the route.",
            error
        );
    }

    private static string? ErrorOf(Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddHttp();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidator<PageRequest>, PageValidator>();
        var app = builder.Build();
        map(app.MapSlices());
        return Record.Exception(app.CheckEndpoints)?.Message;
    }

    private sealed record UnvalidatedRequest(string? Name);
}
