using System.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace MarketsApi.Infrastructure.Validation;

/// <summary>Finds the validators of all slices.</summary>
internal static class ValidationSetup
{
    public static void AddValidation(this WebApplicationBuilder builder)
    {
        // One language whatever the machine's locale: clients compare these texts.
        ValidatorOptions.Global.LanguageManager.Enabled = false;
        ValidatorOptions.Global.DefaultRuleLevelCascadeMode = CascadeMode.Stop;
        foreach (
            var found in AssemblyScanner.FindValidatorsInAssembly(typeof(Program).Assembly, includeInternalTypes: true)
        )
        {
            builder.Services.AddSingleton(found.InterfaceType, found.ValidatorType);
        }
    }
}

/// <summary>Stops the start when an endpoint takes a request and doesn't validate it.</summary>
internal static class ValidationCheck
{
    public static void Demand(EndpointBuilder builder)
    {
        var validated = builder.Metadata.OfType<ValidationMetadata>().Select(m => m.RequestType);
        var taken = builder
            .Metadata.OfType<MethodInfo>()
            .SelectMany(handler => handler.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type =>
                type.Name.EndsWith("Request", StringComparison.Ordinal) && type.Assembly == typeof(Program).Assembly
            );
        foreach (var type in taken.Except(validated))
        {
            throw new InvalidOperationException(
                $"{builder.DisplayName} takes a {type.Name} and doesn't validate it: add .Validate<{type.Name}>() to the route."
            );
        }
    }
}

/// <summary>A feature of requests that may have been valid when they were first sent: a problem that only time has caused is left to what runs behind validation.</summary>
internal sealed class DeferredProblem
{
    /// <summary>The problem; null when the request is valid.</summary>
    public ProblemResult? Problem { get; set; }
}

/// <summary>The state of a rule's failure when the time of the request decides about it.</summary>
internal sealed record DependsOnTime;

/// <summary>Validation of what callers send, as an endpoint's declaration.</summary>
public static class ValidationExtensions
{
    /// <summary>Runs the validator of <typeparamref name="T"/> on the handler's parameter of that type; all errors go into one 400.</summary>
    /// <remarks>Stops the program at start when there is no such parameter or no such validator.</remarks>
    public static RouteHandlerBuilder Validate<T>(this RouteHandlerBuilder builder)
        where T : class =>
        builder
            .WithMetadata(new ValidationMetadata(typeof(T)))
            .AddEndpointFilterFactory(
                (context, next) =>
                {
                    var index = Array.FindIndex(context.MethodInfo.GetParameters(), p => p.ParameterType == typeof(T));
                    var validator =
                        context.ApplicationServices.GetService<IValidator<T>>()
                        ?? throw new InvalidOperationException(
                            $"{typeof(T).Name} has no validator: add {typeof(T).Name.Replace("Request", "Validator", StringComparison.Ordinal)} : AbstractValidator<{typeof(T).Name}> to its folder."
                        );
                    return index < 0
                        ? throw new InvalidOperationException(
                            $"{context.MethodInfo.DeclaringType?.Name} validates {typeof(T).Name}, which no parameter of its handler has."
                        )
                        : Filter(validator, index, next);
                }
            );

    /// <remarks>Validators look at nothing but the request, so none has to be awaited.</remarks>
    private static EndpointFilterDelegate Filter<T>(IValidator<T> validator, int index, EndpointFilterDelegate next)
        where T : class =>
        context =>
        {
            if (context.GetArgument<T?>(index) is not { } request)
            {
                // An optional body that was left out is valid; null is a body that was sent.
                return context.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
                    ? ValueTask.FromResult<object?>(
                        ProblemResult.Invalid("$", "InvalidBody", "The body can be left out, but can't be null.")
                    )
                    : next(context);
            }

            var result = validator.Validate(request);
            if (result.IsValid)
            {
                return next(context);
            }

            var problem = ProblemResult.Invalid([
                .. result.Errors.Select(error => new ProblemDetail(
                    FieldName.Of(error.PropertyName),
                    CodeOf(error.ErrorCode),
                    error.ErrorMessage
                )),
            ]);
            if (
                context.HttpContext.Features.Get<DeferredProblem>() is { } deferred
                && result.Errors.TrueForAll(error => error.CustomState is DependsOnTime)
            )
            {
                deferred.Problem = problem;
                return next(context);
            }

            return ValueTask.FromResult<object?>(problem);
        };

    /// <summary>FluentValidation names its rules <c>NotEmptyValidator</c>; the wire says <c>NotEmpty</c>.</summary>
    private static string CodeOf(string errorCode) =>
        errorCode.EndsWith("Validator", StringComparison.Ordinal) ? errorCode[..^"Validator".Length] : errorCode;
}

/// <summary>Declares that an endpoint validates this type.</summary>
internal sealed record ValidationMetadata(Type RequestType);

/// <summary>A request header that an endpoint understands without its handler's taking it.</summary>
/// <param name="Name">The header.</param>
/// <param name="IsValid">Whether its values, when there are some, are well-formed; others are a 400.</param>
internal sealed record RequestHeaderMetadata(string Name, Func<HttpContext, bool> IsValid);
