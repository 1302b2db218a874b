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
