using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>Requests made from the document: more than half of them valid, the others wrong in one place or two.</summary>
internal sealed class RequestSampler(ApiDocument document, Random random, SchemaSampler values, FuzzState state)
{
    /// <summary>The next request.</summary>
    public FuzzRequest Next()
    {
        if (state.LastKeyed is { } keyed && random.Next(60) == 0)
        {
            return random.Next(3) == 0 && keyed.Body is not null ? keyed with { Body = [.. keyed.Body, 32] } : keyed;
        }

        var operation = document.Operations[random.Next(document.Operations.Count)];
        var path = PathOf(operation);
        var (body, contentType) = BodyOf(operation);
        return new FuzzRequest(
            operation,
            random.Next(60) == 0 ? Pick("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY")
                : operation.Method == "GET" && random.Next(20) == 0 ? "HEAD"
                : operation.Method,
            path + QueryOf(operation),
            [.. HeadersOf(operation, path)],
            body,
            contentType,
            body is not null && random.Next(8) == 0
        );
    }

    /// <remarks>Without %00, which the web server rejects in a path before any of the program runs.</remarks>
    private string PathOf(ApiOperation operation)
    {
        if (!operation.Path.Contains("{id}", StringComparison.Ordinal))
        {
            return operation.Path;
        }

        var ids = operation.Path.StartsWith("/api/jobs", StringComparison.Ordinal) ? state.Jobs : state.Markets;
        var known = ids[random.Next(ids.Count)];
        var id = random.Next(20) switch
        {
            0 => values.NewUuid(),
            1 => known.ToUpperInvariant(),
            2 => Pick("%7B" + known + "%7D", known.Replace("-", "", StringComparison.Ordinal), known + "%20", "%01"),
            3 => Pick("0", "nonsense", "%FF", "00000000-0000-0000-0000-000000000000", new string('a', 300)),
            _ => known,
        };
        return operation.Path.Replace("{id}", id, StringComparison.Ordinal);
    }

    private string QueryOf(ApiOperation operation)
    {
        var pairs = new List<string>();
        foreach (var parameter in operation.Parameters("query"))
        {
            var name = parameter.GetProperty("name").GetString()!;
            var isRequired = parameter.TryGetProperty("required", out var required) && required.GetBoolean();
            if (random.Next(20) >= (isRequired ? 19 : 4))
            {
                continue;
            }

            pairs.Add($"{name}={ParameterOf(operation, name, document.Resolve(parameter.GetProperty("schema")))}");
            if (random.Next(40) == 0)
            {
                pairs.Add(pairs[^1]);
            }
        }

        switch (random.Next(60))
        {
            case 0:
                pairs.Add(Pick("bogus=1", "=", "&", "LIMIT=1", "a", "%FF=1", "limit[]=1", "bogus"));
                break;
            case 1:
                return "?";
        }

        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private string ParameterOf(ApiOperation operation, string name, JsonElement schema)
    {
        if (name == "cursor" && state.CursorOf(operation) is { } cursor)
        {
            return random.Next(4) switch
            {
                0 => cursor[..(cursor.Length / 2)],
                1 => cursor + "A",
                _ => cursor,
            };
        }

        if (random.Next(5) == 0)
        {
            return Pick(OddValues.Texts);
        }

        var isArray = ApiDocument.Types(schema).Contains("array");
        var value = random.Next(8) == 0 && !isArray ? values.NearlyValid(schema) : values.Valid(schema);
        value =
            isArray ? value.Trim('[', ']').Replace("\"", "", StringComparison.Ordinal)
            : value.StartsWith('"') && TryUnquote(value) is { } text ? text
            : value;
        return name is "ids" or "marketId" or "userId" or "creatorId" && random.Next(3) == 0
            ? IdFor(name)
            : Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal);
    }

    private string IdFor(string name) =>
        name is "userId" or "creatorId"
            ? state.Users[random.Next(state.Users.Count)].Id.ToString()
            : state.Markets[random.Next(state.Markets.Count)];

    /// <remarks>Half a surrogate pair can't be part of a URL, not even a wrong one.</remarks>
    private static string? TryUnquote(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private IEnumerable<(string Name, string Value)> HeadersOf(ApiOperation operation, string path)
    {
        var user = state.Users[random.Next(state.Users.Count)];
        switch (random.Next(16))
        {
            case 0:
            case 1:
                break;
            case 2:
                yield return (
                    "Authorization",
                    Pick("Bearer", "Bearer nonsense", $"Basic {user.Token}", $"Bearer {user.Token}x", "é", "")
                );
                break;
            default:
                yield return ("Authorization", $"Bearer {user.Token}");
                break;
        }

        var tag = state.TagOf(path.Split("/positions")[0]);
        foreach (var name in (string[])["If-Match", "If-None-Match"])
        {
            if (random.Next(8) == 0)
            {
                yield return (name, tag is not null && random.Next(2) == 0 ? tag : Pick(OddValues.Tags));
            }
        }

        if (operation.Method == "POST" && random.Next(3) == 0)
        {
            yield return (
                "Idempotency-Key",
                random.Next(6) == 0 ? Pick(OddValues.Keys) : random.NextInt64().ToString(CultureInfo.InvariantCulture)
            );
        }

        if (random.Next(6) == 0)
        {
            var (name, odd) = OddValues.Headers[random.Next(OddValues.Headers.Length)];
            yield return (name, Pick(odd));
        }
    }

    private (byte[]? Body, string? ContentType) BodyOf(ApiOperation operation)
    {
        if (operation.Bodies.Count == 0)
        {
            return random.Next(30) == 0 ? ("{}"u8.ToArray(), "application/json") : (null, null);
        }

        var (mediaType, media) = operation.Bodies.ElementAt(random.Next(operation.Bodies.Count));
        var schema = document.Resolve(media.GetProperty("schema"));
        var members = values.Members(schema);
        var isText = random.Next(10) >= 4;
        if (!isText)
        {
            for (var changes = random.Next(1, 3); changes > 0; changes--)
            {
                Change(members, schema);
            }
        }

        var body = Encoding.UTF8.GetBytes(SchemaSampler.Join(members));
        if (random.Next(12) == 0)
        {
            body = Break(body);
        }

        return (body, random.Next(25) == 0 ? Pick(OddValues.MediaTypes) : mediaType);
    }

    /// <summary>Takes a member away, adds one, doubles one or gives one another value; also within a member that is an object itself.</summary>
    private void Change(List<(string Name, string Value)> members, JsonElement schema)
    {
        var names = schema.GetProperty("properties").EnumerateObject().ToList();
        var (index, changed) = (random.Next(members.Count + 1), names[random.Next(names.Count)]);
        switch (random.Next(8))
        {
            case 0 when index < members.Count:
                members.RemoveAt(index);
                break;
            case 1:
                members.Insert(
                    index,
                    (Pick("bogus", "", "$", "a.b", "Name", "\0", "id", "é"), values.Valid(changed.Value))
                );
                break;
            case 2 when index < members.Count:
                members.Add(members[index]);
                break;
            case 3 when Inner(changed.Value) is { } inner:
                var within = values.Members(inner);
                Change(within, inner);
                Put(members, changed.Name, SchemaSampler.Join(within));
                break;
            default:
                Put(members, changed.Name, values.NearlyValid(changed.Value));
                break;
        }
    }

    private JsonElement? Inner(JsonElement schema)
    {
        schema = document.Resolve(schema);
        return schema.TryGetProperty("oneOf", out var kinds)
                ? kinds.EnumerateArray().Select(Inner).FirstOrDefault(kind => kind is not null)
            : schema.TryGetProperty("properties", out _) ? schema
            : null;
    }

    private static void Put(List<(string Name, string Value)> members, string name, string value)
    {
        members.RemoveAll(member => member.Name == name);
        members.Add((name, value));
    }

    /// <summary>Spoils the bytes of a body.</summary>
    private byte[] Break(byte[] body)
    {
        var at = random.Next(body.Length);
        return random.Next(12) switch
        {
            0 => [],
            1 => body[..at],
            2 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
            3 => [.. body[..at], .. body[(at / 2)..]],
            4 => [0xEF, 0xBB, 0xBF, .. body],
            5 => [.. body, .. "}"u8],
            6 => [.. body[..^1], .. ",}"u8],
            7 => [.. "/* c */"u8, .. body],
            8 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body)),
            9 => [.. Enumerable.Repeat((byte)'[', 40), .. body],
            10 => [.. body[..^1], .. ",\"x\":\""u8, .. Enumerable.Repeat((byte)'x', 66_000), .. "\"}"u8],
            _ => [.. Encoding.UTF8.GetBytes(Pick("null", "[]", "\"x\"", "1", "true", " ", "{", "\0"))],
        };
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
