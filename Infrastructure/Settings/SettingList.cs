using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;

namespace MarketsApi.Infrastructure.Settings;

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
