using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>What is wrong with settings, in one plain sentence each: the framework's binder and its data annotations only say it in developers' terms.</summary>
internal static class SettingsProblems
{
    /// <summary>Names that are unknown and values of the wrong type.</summary>
    public static IEnumerable<string> OfForm(IConfigurationSection section, Type type)
    {
        var known = type.GetProperties().Where(IsSetting).ToList();
        foreach (var given in section.GetChildren())
        {
            var name = $"{section.Path}:{given.Key}";
            var property = known.Find(property => property.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase));
            var hasParts = given.GetChildren().Any();
            if (property is null)
            {
                yield return Unknown(name, section.Path, type);
            }
            else if (RowsOf(property) is { } row)
            {
                var rows = string.IsNullOrEmpty(given.Value) ? given.GetChildren().ToList() : [given];
                foreach (
                    var problem in rows.SelectMany(one =>
                        string.IsNullOrEmpty(one.Value) ? OfForm(one, row) : [NoTable(one, row)]
                    )
                )
                {
                    yield return problem;
                }
            }
            else if (property.PropertyType == typeof(SettingList))
            {
                if (hasParts && !string.IsNullOrEmpty(given.Value))
                {
                    yield return $"{name} is set both as one text with commas and as {name}:0; use one of the two forms.";
                }

                foreach (var item in given.GetChildren().Where(item => item.GetChildren().Any()))
                {
                    yield return NotSingle(item);
                }
            }
            else if (hasParts)
            {
                yield return NotSingle(given);
            }
            else if (given.Value is not null && !IsOf(property.PropertyType, given.Value))
            {
                yield return $"{name} must be {Describe(property.PropertyType)}; it is {Quote(given.Value)}.";
            }
        }
    }

    /// <summary>Values that an annotation or the settings' own rules reject.</summary>
    public static IEnumerable<string> OfValues(string path, object options, IServiceProvider services)
    {
        var context = new ValidationContext(options, services, items: null);
        foreach (var property in options.GetType().GetProperties().Where(IsSetting))
        {
            var (name, value) = ($"{path}:{property.Name}", property.GetValue(options));
            foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
            {
                if (!attribute.IsValid(value))
                {
                    yield return Describe(attribute, name, value);
                }
            }

            foreach (var key in (value as IDictionary)?.Keys.Cast<string>() ?? [])
            {
                foreach (var problem in OfValues($"{name}:{key}", ((IDictionary)value!)[key]!, services))
                {
                    yield return problem;
                }
            }
        }

        foreach (var problem in (options as IValidatableObject)?.Validate(context) ?? [])
        {
            yield return problem.ErrorMessage!;
        }
    }

    public static string Unknown(string name, string section, Type type) =>
        $"Unknown setting {name}. {section} supports: {string.Join(", ", type.GetProperties().Where(IsSetting).Select(one => one.Name))}.";

    /// <summary>A value for a message; what is in front of an @ may be a user and a password.</summary>
    public static string Quote(string? value) =>
        value?.LastIndexOf('@') is > 0 and var at ? $"'***{value[at..]}'" : $"'{value}'";

    private static string NotSingle(IConfigurationSection given) =>
        $"{given.Path} must be a single value; {given.GetChildren().First().Path} is set.";

    private static string NoTable(IConfigurationSection given, Type type) =>
        $"{given.Path} can't have a value of its own, {Quote(given.Value)}; set what belongs to it: {string.Join(", ", type.GetProperties().Where(IsSetting).Select(one => one.Name))}.";

    private static bool IsSetting(PropertyInfo property) =>
        property.CanWrite || property.PropertyType == typeof(SettingList) || RowsOf(property) is not null;

    /// <summary>The type of the rows of a table, whose names are the operator's own.</summary>
    private static Type? RowsOf(PropertyInfo property) =>
        property.PropertyType.IsAssignableTo(typeof(IDictionary))
            ? property.PropertyType.GetGenericArguments()[1]
            : null;

    private static bool IsOf(Type type, string? value) =>
        type == typeof(bool)
            ? bool.TryParse(value, out _)
            : type != typeof(int) || int.TryParse(value, CultureInfo.InvariantCulture, out _);

    private static string Describe(Type type) => type == typeof(bool) ? "true or false" : "a whole number";

    private static string Describe(ValidationAttribute attribute, string name, object? value) =>
        attribute switch
        {
            RangeAttribute range => $"{name} must be from {range.Minimum} to {range.Maximum}; it is {value}.",
            AllowedValuesAttribute allowed =>
                $"{name} must be one of {string.Join(", ", allowed.Values)}; it is {Quote(value?.ToString())}.",
            _ => attribute.FormatErrorMessage(name),
        };
}
