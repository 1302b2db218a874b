using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Settings;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>docs/settings.md lists each setting of the settings classes once, with its default, and no others.</summary>
public sealed partial class SettingsTextTests
{
    /// <summary>What the column of defaults may say for a setting without a value.</summary>
    private static readonly string[] Nothing = ["none", "any", "required"];

    /// <summary>Read by libraries, or under names of the operator's own, and so by no settings class.</summary>
    private static readonly string[] Foreign = ["Kestrel:", "Serilog:", "RateLimiting:Policies:"];

    private static readonly EmbeddingSettings Remote = new() { Provider = EmbeddingSettings.OpenAIProvider };

    /// <summary>What replaces an empty setting: of a server, once <c>Embeddings:Provider</c> asks for one, or "one" for each 192 KiB.</summary>
    private static readonly IReadOnlyDictionary<string, string> StandIns = new Dictionary<string, string>
    {
        ["Embeddings:Endpoint"] = Remote.EndpointAddress.ToString(),
        ["Embeddings:Model"] = Remote.ConfiguredModel!.Name,
        ["Http:MaxConnections"] = "one",
    };

    /// <summary>Each setting, as <c>Section:Name</c>, with its default; a null is empty.</summary>
    internal static IReadOnlyDictionary<string, string> Settings { get; } =
        Properties.ToDictionary(setting => setting.Name, setting => DefaultOf(setting.Property));

    /// <summary>Each setting, as <c>Section:Name</c>, with the property that it is bound to.</summary>
    internal static IReadOnlyList<(string Name, PropertyInfo Property)> Properties =>
        [
            .. from type in typeof(Program).Assembly.GetTypes()
            let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
            where section is { IsLiteral: true } && type.Name.EndsWith("Settings", StringComparison.Ordinal)
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            where property.CanWrite
            select ($"{section.GetValue(null)}:{property.Name}", property),
        ];

    private static readonly IReadOnlyList<string> Lines =
    [
        .. File.ReadLines(Path.Combine(SourceTree.Root, "docs", "settings.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)),
    ];

    private static readonly IReadOnlyList<(string Name, string Default)> Rows =
    [
        .. from line in Lines
        let cells = line.Split('|')
        from Match name in SettingName().Matches(cells[1])
        select (name.Groups[1].Value, cells[2].Trim()),
    ];

    [Fact]
    public void Every_setting_has_one_row_with_its_default()
    {
        Assert.True(Settings.Count > 20, "The settings classes were not found.");
        Assert.All(
            Settings,
            setting =>
            {
                var row = Assert.Single(Rows, row => row.Name == setting.Key);
                var value = setting.Value.Length == 0 ? StandIns.GetValueOrDefault(setting.Key, "") : setting.Value;
                var says = row.Default.Split([';', ','])[0].Split(' ')[0];
                Assert.True(
                    value.Length == 0 ? Nothing.Contains(says) : says == value,
                    $"docs/settings.md says that the default of {row.Name} is {row.Default}; it is '{value}'."
                );
            }
        );
    }

    [Fact]
    public void Every_row_is_a_setting()
    {
        Assert.NotEmpty(Rows);
        Assert.Empty(
            Rows.Select(row => row.Name)
                .Where(name => !Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                .Except(Settings.Keys)
        );
    }

    [Fact]
    public void Every_number_has_bounds_and_its_row_says_them()
    {
        var numbers = Properties.Where(setting => setting.Property.PropertyType == typeof(int)).ToList();

        Assert.True(numbers.Count > 20, "The settings classes were not found.");
        Assert.All(
            numbers,
            number =>
            {
                var range = number.Property.GetCustomAttribute<RangeAttribute>();
                Assert.True(range is not null, $"{number.Name} has no bounds.");
                var row = Lines.Single(line => line.StartsWith($"| `{number.Name}`", StringComparison.Ordinal));
                Assert.Contains($"({range.Minimum} to {range.Maximum})", row, StringComparison.Ordinal);
            }
        );
    }

    private static string DefaultOf(PropertyInfo property) =>
        property.GetValue(Activator.CreateInstance(property.DeclaringType!)) switch
        {
            bool flag => flag ? "true" : "false",
            SettingList list => string.Join(',', list),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    [GeneratedRegex("`([A-Z][A-Za-z]+:[A-Za-z:]+)`")]
    private static partial Regex SettingName();
}
