using System.Reflection;
using System.Runtime.CompilerServices;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>How types and methods are declared.</summary>
public sealed class TypeTests
{
    private static readonly List<Type> Types =
    [
        .. typeof(Program)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("MarketsApi", StringComparison.Ordinal) == true)
            .Where(type =>
                !type.IsDefined(typeof(CompilerGeneratedAttribute))
                && !type.Name.Contains('<', StringComparison.Ordinal)
            ),
    ];

    [Fact]
    public void Classes_are_sealed_unless_another_of_the_program_derives_from_them()
    {
        var open = Types.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }).ToList();
        Assert.True(Types.Count > 100, "found no types to check");

        Assert.All(
            open,
            type => Assert.True(Types.Exists(other => other.BaseType == type), $"{type.FullName}: make it sealed.")
        );
    }

    [Fact]
    public void A_slice_shows_only_its_endpoint_and_what_goes_over_the_wire()
    {
        var types = Types
            .Where(type =>
                type.IsPublic
                && type.Namespace!.StartsWith("MarketsApi.Features.", StringComparison.Ordinal)
                && !type.Namespace.StartsWith("MarketsApi.Features.Shared.", StringComparison.Ordinal)
            )
            .ToList();
        Assert.NotEmpty(types);

        string[] roles = ["Endpoint", "Request", "Response", "Item"];
        // What a request or response is made of goes over the wire as well.
        var parts = new HashSet<Type>();
        foreach (
            var type in types.Where(type => roles[1..].Any(role => type.Name.EndsWith(role, StringComparison.Ordinal)))
        )
        {
            AddParts(type);
        }

        Assert.All(
            types,
            type =>
                Assert.True(
                    Array.Exists(roles, role => type.Name.EndsWith(role, StringComparison.Ordinal))
                        || parts.Contains(type),
                    $"{type.FullName}: make it internal."
                )
        );

        void AddParts(Type whole)
        {
            foreach (var part in whole.GetProperties().Select(property => property.PropertyType))
            {
                foreach (
                    var type in part.GetGenericArguments()
                        .Append(part)
                        .Where(type => types.Contains(type) && parts.Add(type))
                )
                {
                    AddParts(type);
                }
            }
        }
    }

    [Fact]
    public void A_cancellation_token_comes_last()
    {
        const BindingFlags all =
            BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.Instance
            | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        var methods = Types
            .SelectMany(type => type.GetMethods(all))
            .Where(method => !method.Name.Contains('<', StringComparison.Ordinal))
            .Where(method =>
                method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken))
            )
            .ToList();
        Assert.True(methods.Count > 20, "found no methods to check");

        Assert.All(
            methods,
            method =>
                Assert.True(
                    method.GetParameters()[^1].ParameterType == typeof(CancellationToken),
                    $"{method.DeclaringType!.Name}.{method.Name}: move the CancellationToken to the end."
                )
        );
    }

    [Fact]
    public void Handlers_and_data_helpers_that_wait_can_be_cancelled()
    {
        var handlers = Types
            .Where(type => type.Name.EndsWith("Endpoint", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.NonPublic | BindingFlags.Static))
            .Where(method => method.Name == "HandleAsync")
            .ToList();
        Assert.NotEmpty(handlers);

        Assert.All(
            handlers,
            method =>
                Assert.True(
                    method.GetParameters() is [.., { ParameterType: var last }] && last == typeof(CancellationToken),
                    $"{method.DeclaringType!.Name}: take a CancellationToken and pass it on."
                )
        );
    }

    [Fact]
    public void No_mediator_no_repository_no_service_layer()
    {
        string[] endings = ["Repository", "Service", "Manager", "Mediator", "Dto"];

        Assert.All(
            Types.Where(type => type.Namespace!.StartsWith("MarketsApi.Features", StringComparison.Ordinal)),
            type =>
                Assert.False(
                    Array.Exists(endings, ending => type.Name.EndsWith(ending, StringComparison.Ordinal)),
                    $"{type.FullName}: the endpoint talks to its SQL itself."
                )
        );
    }

    [Fact]
    public void Tests_mirror_the_slices()
    {
        var folder = Path.Combine(SourceTree.Root, "tests", "MarketsApi.Tests", "Features");
        var mirrored = Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!).ToList();
        Assert.NotEmpty(mirrored);

        Assert.All(
            SourceTree.Slices,
            slice =>
                Assert.True(
                    mirrored.Contains(slice),
                    $"{slice} has no tests: add tests/MarketsApi.Tests/Features/{slice}/."
                )
        );
        Assert.All(
            mirrored,
            name =>
                Assert.True(
                    name == "Shared" || SourceTree.Slices.Contains(name),
                    $"tests/…/Features/{name} tests no slice."
                )
        );
    }

    [Fact]
    public void No_test_is_skipped_without_a_reason()
    {
        var tests = typeof(TypeTests)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => (Method: method, Fact: method.GetCustomAttribute<FactAttribute>()))
            .Where(test => test.Fact is not null)
            .ToList();
        Assert.True(tests.Count > 50, "found no tests to check");

        Assert.All(
            tests,
            test =>
                Assert.True(test.Fact!.Skip is null or { Length: > 20 }, $"{test.Method.Name}: say why it is skipped.")
        );
        Assert.All(
            SourceTree.Read("tests"),
            file => Assert.DoesNotMatch(@"Assert\.Skip(When|Unless)?\([^;]*""""\s*\)", file.Text)
        );
    }
}
