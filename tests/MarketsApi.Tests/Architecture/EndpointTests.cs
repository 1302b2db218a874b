using System.Reflection;
using Carter;
using FluentValidation;
using MarketsApi.Infrastructure.Auth;
using MarketsApi.Infrastructure.Validation;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>What each endpoint must say of itself, read from the running program.</summary>
public sealed class EndpointTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly Assembly Assembly = typeof(Program).Assembly;

    private List<RouteEndpoint> All =>
        [.. api.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private List<RouteEndpoint> OfSlices
    {
        get
        {
            var endpoints = All.Where(endpoint =>
                    HandlerOf(endpoint)
                        ?.DeclaringType?.Namespace?.StartsWith("MarketsApi.Features", StringComparison.Ordinal) == true
                )
                .ToList();
            Assert.True(endpoints.Count >= 7, "found no endpoints to check");
            return endpoints;
        }
    }

    [Fact]
    public void Modules_are_public_sealed_and_stateless()
    {
        var modules = Assembly
            .GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(ICarterModule)))
            .ToList();
        Assert.True(modules.Count >= 7, "found no modules to check");

        foreach (var module in modules)
        {
            Assert.True(
                module is { IsPublic: true, IsSealed: true },
                $"{module.Name}: make it public sealed, or it isn't found."
            );
            Assert.True(
                module.GetConstructors() is [var only] && only.GetParameters().Length == 0,
                $"{module.Name}: take services as parameters of the handler; a module is made once, at start."
            );
            Assert.True(
                module.Name.EndsWith("Endpoint", StringComparison.Ordinal),
                $"{module.Name}: name it {{UseCase}}Endpoint."
            );
            Assert.True(
                module.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Length == 0,
                $"{module.Name}: remove its fields; it serves all requests at once."
            );
        }
    }

    [Fact]
    public void Each_says_who_may_use_it()
    {
        Assert.NotEmpty(All);
        Assert.All(
            All,
            endpoint =>
                Assert.True(
                    endpoint.Metadata.GetMetadata<PermissionRequirement>() is not null
                        || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
                    $"{endpoint.DisplayName}: add .RequirePermission(…), .RequireToken() or .AllowAnonymous()."
                )
        );
    }

    [Fact]
    public void None_of_the_API_is_open_to_bad_tokens() =>
        Assert.All(
            OfSlices,
            endpoint =>
                Assert.True(
                    endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null,
                    $"{endpoint.DisplayName}: write .RequirePermission(Permission.Read), which is open to anyone, instead of .AllowAnonymous(): it rejects invalid tokens."
                )
        );

    [Fact]
    public void Each_is_named_like_its_slice_and_described()
    {
        foreach (var endpoint in OfSlices)
        {
            var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
            var module = HandlerOf(endpoint)!.DeclaringType!.Name;
            Assert.True(
                module == name + "Endpoint",
                $"{module}: add .WithName(\"{module.Replace("Endpoint", "", StringComparison.Ordinal)}\"), the slice's own name, instead of \"{name}\"."
            );
            Assert.True(
                endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Count == 1,
                $"{name}: add .WithTags(…), one that other endpoints have or that an ApiTag describes."
            );
            Assert.False(
                string.IsNullOrEmpty(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary),
                $"{name}: add .WithSummary(…): what it does, in a few words, for the list of the document."
            );
            Assert.True(
                endpoint.Metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description is { Length: > 20 },
                $"{name}: add .WithDescription(…): a sentence or two on what a caller has to know."
            );
        }
    }

    [Fact]
    public void Each_request_has_a_validator_and_is_validated()
    {
        var requests = Assembly
            .GetTypes()
            .Where(type =>
                type.Name.EndsWith("Request", StringComparison.Ordinal)
                && type.Namespace?.StartsWith("MarketsApi.Features", StringComparison.Ordinal) == true
            )
            .ToList();
        var validated = OfSlices
            .SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<ValidationMetadata>())
            .Select(metadata => metadata.RequestType)
            .ToHashSet();
        Assert.True(requests.Count >= 4, "found no requests to check");

        foreach (var request in requests)
        {
            var validator = api.Host.Services.GetService(typeof(IValidator<>).MakeGenericType(request));
            Assert.True(
                validator is not null,
                $"{request.Name}: add {request.Name.Replace("Request", "Validator", StringComparison.Ordinal)} to its folder."
            );
            Assert.True(
                request.Namespace == validator.GetType().Namespace,
                $"{validator.GetType().Name}: move it to the folder of {request.Name}."
            );
            Assert.True(validated.Contains(request), $"{request.Name}: add .Validate<{request.Name}>() to its route.");
        }
    }

    [Fact]
    public void Each_handler_is_static_and_returns_typed_results()
    {
        foreach (var endpoint in OfSlices)
        {
            var handler = HandlerOf(endpoint)!;
            var type = handler.ReturnType;
            if (
                type.IsGenericType
                && type.GetGenericTypeDefinition() is var wrapper
                && (wrapper == typeof(Task<>) || wrapper == typeof(ValueTask<>))
            )
            {
                type = type.GetGenericArguments()[0];
            }

            Assert.True(handler.IsStatic, $"{endpoint.DisplayName}: make the handler static.");
            Assert.True(
                type != typeof(IResult) && type.IsAssignableTo(typeof(IResult)),
                $"{endpoint.DisplayName} returns {type.Name}: say which results there are, by Results<…> of TypedResults."
            );
        }
    }

    private static MethodInfo? HandlerOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<MethodInfo>();
}
