using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>The sections that the program reads, so that <c>Cachng:Enabled</c> is noticed.</summary>
/// <remarks>Names that are not nearly one of them are left alone: packages read sections of their own, and the environment holds much that is not ours.</remarks>
internal sealed class SettingSections
{
    /// <summary>Each section with the type that it is bound to.</summary>
    public Dictionary<string, Type> Types { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal sealed class Validator(IConfiguration configuration) : IValidateOptions<SettingSections>
    {
        public ValidateOptionsResult Validate(string? name, SettingSections options)
        {
            var problems = new List<string>();
            foreach (var section in configuration.GetChildren().Where(one => !options.Types.ContainsKey(one.Key)))
            {
                if (options.Types.Keys.FirstOrDefault(known => IsNear(section.Key, known)) is { } meant)
                {
                    problems.AddRange(
                        section
                            .GetChildren()
                            .Select(one => SettingsProblems.Unknown(one.Path, meant, options.Types[meant]))
                    );
                }
            }

            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        /// <summary>One slip of the keyboard in a short name, two in a longer one.</summary>
        private static bool IsNear(string given, string known) =>
            Distance(given.ToUpperInvariant(), known.ToUpperInvariant()) <= (known.Length > 5 ? 2 : 1);

        /// <summary>How many letters have to be added, left out, changed or swapped with their neighbour.</summary>
        private static int Distance(string a, string b)
        {
            var table = new int[a.Length + 1, b.Length + 1];
            for (var i = 0; i <= a.Length; i++)
            {
                for (var j = 0; j <= b.Length; j++)
                {
                    table[i, j] =
                        i == 0 || j == 0
                            ? i + j
                            : Math.Min(
                                Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                                table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                            );
                    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    {
                        table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                    }
                }
            }

            return table[a.Length, b.Length];
        }
    }
}

/// <summary>A list in the settings, in either usual form: <c>Name=a,b</c>, or <c>Name:0=a</c> and <c>Name:1=b</c>.</summary>
[TypeConverter(typeof(Converter))]
internal sealed class SettingList : Collection<string>
{
    /// <summary>The list that a text with commas means.</summary>
    public static SettingList Parse(string? text) => [text ?? ""];

    /// <summary>What the binder calls for each item of the indexed form.</summary>
    protected override void InsertItem(int index, string item)
    {
        foreach (var part in item.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            base.InsertItem(index++, part);
        }
    }

    private sealed class Converter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            Parse((string)value);
    }
}
