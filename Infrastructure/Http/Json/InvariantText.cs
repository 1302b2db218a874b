using System.Globalization;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>Numbers as the wire writes them, whatever the machine's locale.</summary>
internal static class InvariantText
{
    public static string ToInvariant<T>(this T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
