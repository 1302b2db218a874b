using System.Collections;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>Settings that are read once and checked before anything is served.</summary>
internal static class SettingsSetup
{
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["JWT_SECRET"] = "Auth:Secret",
        ["DATABASE_URL"] = "ConnectionStrings:Postgres",
        ["REDIS_URL"] = "ConnectionStrings:Redis",
    };

    /// <summary>Binds a section and registers it as itself; a wrong value stops the program with the sentence that says why.</summary>
    public static void AddSettings<T>(this WebApplicationBuilder builder)
        where T : class, ISettings, new()
    {
        builder.Services.AddOptions<T>().ValidateOnStart();
        builder.Services.AddSingleton<IConfigureOptions<T>, Binder<T>>();
        builder.Services.AddSingleton<IValidateOptions<T>, Check<T>>();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<T>>().Value);
    }

    /// <summary>The short names that platforms set (DATABASE_URL and the like, and their files), for settings that are not given by their own name.</summary>
    public static void AddShortNames(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var files = SettingFiles.Read(configuration, ShortNames.Keys);
        builder.Services.AddOptions<SettingFiles>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SettingFiles>>(files);
        foreach (var (variable, setting) in ShortNames)
        {
            if (string.IsNullOrEmpty(configuration[setting]) && configuration[variable] is { Length: > 0 } value)
            {
                configuration[setting] = value;
            }
        }
    }

    private sealed class Binder<T>(IConfiguration configuration) : IConfigureOptions<T>
        where T : class, ISettings
    {
        public void Configure(T options)
        {
            var given = configuration
                .GetSection(T.Section)
                .GetChildren()
                .Where(child => !child.Key.EndsWith(SettingFiles.Suffix, StringComparison.Ordinal))
                .ToList();
            foreach (var value in given)
            {
                Read(value, options, T.Section);
            }
        }

        private static void Read(IConfigurationSection value, object options, string path)
        {
            var known = options.GetType().GetProperties().Where(p => p.CanWrite || IsTable(p.PropertyType)).ToList();
            var property = known.Find(candidate => Is(candidate.Name, value.Key));
            if (property is null)
            {
                throw Fault($"{value.Path} is no setting; {path} has {string.Join(", ", known.Select(p => p.Name))}.");
            }

            if (IsTable(property.PropertyType))
            {
                ReadTable(value, (IDictionary)property.GetValue(options)!, $"{path}:{property.Name}");
                return;
            }

            try
            {
                property.SetValue(options, value.Get(property.PropertyType));
            }
            catch (InvalidOperationException)
            {
                throw Fault($"{path}:{property.Name} must be {KindOf(property.PropertyType)}; it is '{value.Value}'.");
            }
        }

        /// <summary>Settings of one kind under names that the operator chooses.</summary>
        private static void ReadTable(IConfigurationSection value, IDictionary table, string path)
        {
            var kind = table.GetType().GetGenericArguments()[1];
            foreach (var row in value.GetChildren())
            {
                var options = Activator.CreateInstance(kind)!;
                foreach (var cell in row.GetChildren())
                {
                    Read(cell, options, $"{path}:{row.Key}");
                }

                table[row.Key] = options;
            }
        }

        private static bool IsTable(Type type) => type.IsAssignableTo(typeof(IDictionary));

        private static bool Is(string name, string key) => name.Equals(key, StringComparison.OrdinalIgnoreCase);

        private static string KindOf(Type type) =>
            type == typeof(bool) ? "true or false"
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : "a number";

        private static OptionsValidationException Fault(string sentence) => new(T.Section, typeof(T), [sentence]);
    }

    private sealed class Check<T>(IHostEnvironment environment) : IValidateOptions<T>
        where T : class, ISettings
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var faults = options.Faults(environment).ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
