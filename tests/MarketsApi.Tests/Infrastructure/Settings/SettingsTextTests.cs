using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Embeddings;
using MarketsApi.Infrastructure.Settings;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>docs/settings.md says what the settings classes say: each setting once, with its default, and none that isn't there.</summary>
public sealed partial class SettingsTextTests
{
    /// <summary>What the column of defaults may say of a setting without a value.</summary>
    private static readonly string[] Nothing = ["none", "any", "required"];

    /// <summary>Read by libraries, or under names of the operator's own, and so by no settings class.</summary>
    private static readonly string[] Foreign = ["Serilog:", "RateLimiting:Policies:"];

    private static readonly EmbeddingSettings Remote = new() { Provider = EmbeddingSettings.OpenAIProvider };

    /// <summary>What stands in for an empty setting once <c>Embeddings:Provider</c> asks for a server.</summary>
    private static readonly IReadOnlyDictionary<string, string> StandIns = new Dictionary<string, string>
    {
        ["Embeddings:Endpoint"] = Remote.EndpointAddress.ToString(),
        ["Embeddings:Model"] = Remote.ConfiguredModel!.Name,
    };

    /// <summary>Each setting, as <c>Section:Name</c>, with its default; a null is empty.</summary>
    internal static IReadOnlyDictionary<string, string> Settings { get; } =
        typeof(Program)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISettings)))
            .SelectMany(DefaultsOf)
            .ToDictionary();

    private static readonly IReadOnlyList<(string Name, string Default)> Rows =
    [
        .. from line in File.ReadLines(Path.Combine(SourceTree.Root, "docs", "settings.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
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

    private static IEnumerable<KeyValuePair<string, string>> DefaultsOf(Type type)
    {
        var section = (string)type.GetProperty("Section", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        var defaults = Activator.CreateInstance(type);
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => KeyValuePair.Create($"{section}:{property.Name}", TextOf(property.GetValue(defaults))));
    }

    private static string TextOf(object? value) =>
        value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    [GeneratedRegex("`([A-Z][A-Za-z]+:[A-Za-z:]+)`")]
    private static partial Regex SettingName();
}
