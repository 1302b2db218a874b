using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>Settings that are read once and checked before anything is served.</summary>
internal static class SettingsSetup
{
    /// <summary>Binds a section and registers it as itself; a wrong value stops the program with a sentence that says which and why.</summary>
    public static void AddSettings<T>(this WebApplicationBuilder builder, string section)
        where T : class
    {
        builder
            .Services.AddOptions<T>()
            .Configure<IConfiguration>((settings, configuration) => Bind(configuration.GetSection(section), settings))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<T>>(services => new Validator<T>(section, services));
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<T>>().Value);
        builder.Services.Configure<SettingSections>(sections => sections.Types[section] = typeof(T));
    }

    /// <summary>Checks what belongs to no section of its own.</summary>
    public static void AddSettingChecks(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ConnectionStringSettings>(ConnectionStringSettings.Section);
        builder.Services.AddOptions<SettingSections>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SettingSections>, SettingSections.Validator>();
        builder.Services.AddOptions<FrameworkSettings>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<FrameworkSettings>, FrameworkSettings.Validator>();
    }

    private static void Bind<T>(IConfigurationSection section, T settings)
        where T : class
    {
        // The binder would throw as well, but without plain sentences and only for the first of several.
        if (SettingsProblems.OfForm(section, typeof(T)).ToList() is { Count: > 0 } problems)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(T), problems);
        }

        // Without the section's own value, which is another program's variable such as DATABASE, and without empty texts that would hide the items of a list.
        var given = section
            .AsEnumerable(makePathsRelative: true)
            .Where(pair =>
                pair.Value is not null && !(pair.Value.Length == 0 && section.GetSection(pair.Key).GetChildren().Any())
            );
        new ConfigurationBuilder()
            .AddInMemoryCollection(given)
            .Build()
            .Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
    }

    private sealed class Validator<T>(string section, IServiceProvider services) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            SettingsProblems.OfValues(section, options, services).ToList() is { Count: > 0 } found
                ? ValidateOptionsResult.Fail(found)
                : ValidateOptionsResult.Success;
    }
}

/// <summary>Where the servers are that the program uses; the folders that connect to them check what is given here.</summary>
internal sealed class ConnectionStringSettings
{
    public const string Section = "ConnectionStrings";

    /// <summary>The database: Npgsql's form, or a postgres:// address.</summary>
    public string? Postgres { get; set; }

    /// <summary>A read replica of it, or several, for lists and searches; optional.</summary>
    public string? PostgresReader { get; set; }

    /// <summary>A Redis server: host:port with options, or a redis:// address; optional.</summary>
    public string? Redis { get; set; }
}
