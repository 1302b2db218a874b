using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi;

/// <summary>Values on the bounds that a schema states, and just beyond them.</summary>
internal static class SchemaBounds
{
    /// <summary>Marks a property that is left out.</summary>
    public static readonly object Absent = new();

    /// <summary>Values on the bounds and just beyond them, and whether they pass.</summary>
    public static IEnumerable<(string Value, bool Passes)> Values(JsonElement schema)
    {
        var type = Assert.Single(ApiDocument.Types(schema));
        AssertBoundsOfNumber(schema);
        if (ApiDocument.Number(schema, "minimum") is { } minimum)
        {
            yield return (minimum.ToString(CultureInfo.InvariantCulture), true);
            yield return ((minimum - 1).ToString(CultureInfo.InvariantCulture), false);
        }

        if (ApiDocument.Number(schema, "maximum") is { } maximum)
        {
            yield return (maximum.ToString(CultureInfo.InvariantCulture), true);
            yield return ((maximum + 1).ToString(CultureInfo.InvariantCulture), false);
        }

        if (ApiDocument.Number(schema, "multipleOf") is { } step)
        {
            yield return ((1 + step).ToString(CultureInfo.InvariantCulture), true);
            yield return ((1 + (step / 10)).ToString(CultureInfo.InvariantCulture), false);
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            foreach (var word in words.EnumerateArray().Select(word => word.GetString()!))
            {
                yield return (word, true);
                yield return (word.ToUpperInvariant(), false);
            }
        }

        if (schema.TryGetProperty("pattern", out _))
        {
            yield return ("Ä ö!", false);
        }

        if (type is "integer" or "number" or "boolean" || schema.TryGetProperty("format", out _))
        {
            yield return ("nonsense", false);
        }

        if (type == "array")
        {
            var most = schema.GetProperty("maxItems").GetInt32();
            yield return (string.Join(',', Enumerable.Repeat(Guid.Empty, most)), true);
            yield return (string.Join(',', Enumerable.Repeat(Guid.Empty, most + 1)), false);
            yield return ("nonsense", false);
        }
    }

    /// <summary>Properties that a body of this schema can't have, or must have; <see cref="Absent"/> leaves one out.</summary>
    public static IEnumerable<(string Name, object? Value)> WrongMembers(JsonElement schema)
    {
        yield return ("bogus", (JsonNode)1);
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                yield return (name.GetString()!, Absent);
            }
        }

        foreach (var member in schema.GetProperty("properties").EnumerateObject())
        {
            foreach (var value in WrongValues(member.Value))
            {
                yield return (member.Name, value);
            }
        }
    }

    private static void AssertBoundsOfNumber(JsonElement schema) =>
        Assert.True(
            !ApiDocument.Types(schema).Any(type => type is "integer" or "number")
                || (schema.TryGetProperty("minimum", out _) && schema.TryGetProperty("maximum", out _)),
            $"A number without a minimum or a maximum: {schema}"
        );

    private static IEnumerable<JsonNode?> WrongValues(JsonElement schema)
    {
        AssertBoundsOfNumber(schema);
        yield return new JsonObject();
        yield return ApiDocument.Types(schema).Contains("string") ? 1 : "nonsense";
        var mayBeNull =
            ApiDocument.Types(schema).Contains("null")
            || (
                schema.TryGetProperty("oneOf", out var forms)
                && forms.EnumerateArray().Any(form => ApiDocument.Types(form).Contains("null"))
            );
        if (!mayBeNull)
        {
            yield return null;
        }

        if (ApiDocument.Number(schema, "minLength") is { } shortest)
        {
            yield return new string('x', (int)shortest - 1);
        }

        if (ApiDocument.Number(schema, "maxLength") is { } longest)
        {
            yield return new string('x', (int)longest + 1);
        }

        if (ApiDocument.Number(schema, "minimum") is { } minimum)
        {
            yield return minimum - 1;
        }

        if (ApiDocument.Number(schema, "maximum") is { } maximum)
        {
            yield return maximum + 1;
        }

        if (ApiDocument.Number(schema, "multipleOf") is { } step)
        {
            yield return 1 + (step / 10);
        }

        if (
            schema.TryGetProperty("enum", out _)
            || schema.TryGetProperty("pattern", out _)
            || schema.TryGetProperty("format", out _)
        )
        {
            yield return "NONSENSE";
        }
    }
}
