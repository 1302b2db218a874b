using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>Values of schemas, as JSON, on their bounds more often than elsewhere.</summary>
internal sealed class SchemaSampler(ApiDocument document, Random random, DateTimeOffset now)
{
    private static readonly string[] Words =
    [
        "Will",
        "it",
        "rain",
        "in",
        "Ghent",
        "élan",
        "Ünïcode",
        "naïve",
        "数据",
        "😀",
        "👩‍👩‍👧‍👦",
        "O'Brien",
        "100%",
        "<b>",
        "a\"b",
        "c:\\d",
        "שלום",
        "e\u0301",
    ];

    /// <summary>A value that fits.</summary>
    public string Valid(JsonElement schema)
    {
        schema = document.Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var kinds))
        {
            return Valid(kinds[random.Next(kinds.GetArrayLength())]);
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return words[random.Next(words.GetArrayLength())].GetRawText();
        }

        var types = ApiDocument.Types(schema);
        var type =
            types.Contains("null") && random.Next(5) == 0
                ? "null"
                : types.FirstOrDefault(type => type != "null", "null");
        return type switch
        {
            "string" => Quote(Text(schema)),
            "integer" => Integer(schema),
            "number" => Number(schema),
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "array" => Array(schema),
            "object" => Join(Members(schema)),
            _ => "null",
        };
    }

    /// <summary>The members of an object that fits.</summary>
    public List<(string Name, string Value)> Members(JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet()
            : [];
        return
        [
            .. document
                .Resolve(schema)
                .GetProperty("properties")
                .EnumerateObject()
                .Where(member => required.Contains(member.Name) || random.Next(2) == 0)
                .Select(member => (member.Name, Valid(member.Value))),
        ];
    }

    /// <summary>A value that most likely doesn't fit: just beyond a bound, or nothing of the kind.</summary>
    public string NearlyValid(JsonElement schema)
    {
        schema = document.Resolve(schema);
        var beyond = Beyond(schema).ToList();
        return beyond.Count > 0 && random.Next(2) == 0
            ? beyond[random.Next(beyond.Count)]
            : OddValues.Json[random.Next(OddValues.Json.Length)];
    }

    /// <summary>A text of a schema, not quoted.</summary>
    public string Text(JsonElement schema) =>
        schema.TryGetProperty("format", out var format) && format.GetString() == "uuid" ? NewUuid()
        : schema.TryGetProperty("format", out format) && format.GetString() == "date-time" ? Time()
        : schema.TryGetProperty("pattern", out _) ? Slug()
        : Sentence(LengthOf(schema));

    /// <summary>A UUID of no resource.</summary>
    public string NewUuid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>A time in the RFC's many spellings.</summary>
    public string Time()
    {
        var time = now.AddSeconds(
            random.Next(8) == 0 ? -random.Next(1, 1_000_000) : random.NextInt64(1, 2_000_000_000)
        );
        return random.Next(6) switch
        {
            0 => time.ToOffset(TimeSpan.FromMinutes(random.Next(-840, 841)))
                .ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            1 => time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            2 => time.ToString("yyyy-MM-ddTHH:mm:ss.fZ", CultureInfo.InvariantCulture),
            3 => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + ".123456789012Z",
            _ => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Words up to a length in characters.</summary>
    public string Sentence(int length)
    {
        var text = new StringBuilder();
        var left = length;
        while (left > 0)
        {
            var word = Words[random.Next(Words.Length)] + (left > 1 ? " " : "");
            var runes = word.EnumerateRunes().Take(left).ToList();
            text.AppendJoin("", runes);
            left -= runes.Count;
        }

        // A blank at the end would be trimmed.
        return length > 1 && text[^1] == ' ' ? text.ToString()[..^1] + "?" : text.ToString();
    }

    /// <summary>An object of members, which may be there twice.</summary>
    public static string Join(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(',', members.Select(member => $"{Quote(member.Name)}:{member.Value}"))}}}";

    /// <summary>A JSON text.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text);

    private static IEnumerable<string> Beyond(JsonElement schema)
    {
        if (ApiDocument.Number(schema, "minimum") is { } minimum)
        {
            yield return (minimum - 1).ToString(CultureInfo.InvariantCulture);
            yield return (minimum - 0.01m).ToString(CultureInfo.InvariantCulture);
        }

        if (ApiDocument.Number(schema, "maximum") is { } maximum)
        {
            yield return (maximum + 1).ToString(CultureInfo.InvariantCulture);
            yield return (maximum + 0.01m).ToString(CultureInfo.InvariantCulture);
        }

        if (ApiDocument.Number(schema, "multipleOf") is { } step)
        {
            yield return (1 + (step / 10)).ToString(CultureInfo.InvariantCulture);
        }

        if (ApiDocument.Number(schema, "minLength") is { } shortest)
        {
            yield return Quote(new string('x', (int)shortest - 1));
            yield return Quote(new string(' ', (int)shortest));
        }

        if (ApiDocument.Number(schema, "maxLength") is { } longest)
        {
            yield return Quote(new string('x', (int)longest + 1));
            yield return Quote(string.Concat(Enumerable.Repeat("😀", (int)longest + 1)));
            yield return Quote("a" + new string('\u0301', (int)longest));
        }
    }

    private string Slug() =>
        string.Concat(
            Enumerable
                .Range(0, random.Next(4) == 0 ? 50 : random.Next(1, 10))
                .Select(_ => "abcxyz0189-"[random.Next(11)])
        );

    private int LengthOf(JsonElement schema)
    {
        var shortest = (int)(ApiDocument.Number(schema, "minLength") ?? 1);
        var longest = (int)(ApiDocument.Number(schema, "maxLength") ?? 40);
        return random.Next(8) switch
        {
            0 => shortest,
            1 => longest,
            _ => random.Next(shortest, Math.Min(longest, 80) + 1),
        };
    }

    private string Integer(JsonElement schema)
    {
        var least = (long)(ApiDocument.Number(schema, "minimum") ?? int.MinValue);
        var most = (long)(ApiDocument.Number(schema, "maximum") ?? int.MaxValue);
        return (
            random.Next(4) switch
            {
                0 => least,
                1 => most,
                _ => random.NextInt64(least, most + 1),
            }
        ).ToString(CultureInfo.InvariantCulture);
    }

    private string Number(JsonElement schema)
    {
        var least = ApiDocument.Number(schema, "minimum") ?? -1_000_000;
        var most = ApiDocument.Number(schema, "maximum") ?? 1_000_000;
        return (
            random.Next(5) switch
            {
                0 => least,
                1 => most,
                2 => random.Next(1, 10_000),
                _ => random.Next(1, 10_000) / 100m,
            }
        ).ToString(CultureInfo.InvariantCulture);
    }

    private string Array(JsonElement schema)
    {
        var most = (int)(ApiDocument.Number(schema, "maxItems") ?? 5);
        var length = random.Next(6) == 0 ? most : random.Next(1, 4);
        return $"[{string.Join(',', Enumerable.Range(0, length).Select(_ => Valid(schema.GetProperty("items"))))}]";
    }
}
