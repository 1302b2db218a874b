using System.Text.Json;
using System.Text.Json.Serialization;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>Times in JSON: read in any zone, kept and written in UTC.</summary>
internal sealed class Rfc3339JsonConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !Rfc3339.TryParse(reader.GetString(), out var utc))
        {
            throw new InvalidMemberException($"The value {Rfc3339.Expected}.");
        }

        return utc;
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
