using System.Reflection;

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
