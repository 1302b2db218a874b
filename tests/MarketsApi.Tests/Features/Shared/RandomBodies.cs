using System.Text;
using System.Text.Json.Nodes;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Valid bodies, changed at random: properties changed, added and removed, then bytes of the text.</summary>
internal sealed class RandomBodies(int seed)
{
    private static readonly string[] Names =
    [
        "name",
        "endsAt",
        "status",
        "description",
        "category",
        "outcome",
        "Name",
        "ends_at",
        "version",
        "initialPosition",
        "",
        "$",
        "a.b",
        "\u0000",
        "é",
    ];

    private static readonly string[] Texts =
    [
        "",
        "  ",
        "ab",
        "Will it happen?",
        "Cafe\u0301",
        "\u0000",
        "\u0007",
        "\u2028",
        "\ufffe",
        "\uffff",
        "😀😀😀",
        "\u202e abc",
        "👩‍👩‍👧‍👦 family",
        "draft",
        "active",
        "closed",
        "resolved",
        "cancelled",
        "Active",
        "yes",
        "no",
        "sport",
        "2099-01-01T00:00:00Z",
        "2098-06-01T00:00:00.123456+05:30",
        "2001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00Z",
        "2099-01-01",
        "null",
        "{\"a\":1}",
        "'; DROP TABLE markets; --",
        "%s{0}${x}<b>",
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "-0",
        "1",
        "-1",
        "1e400",
        "-1E-400",
        "0.1",
        "9223372036854775808",
        "123456789012345678901234567890",
        "4102444800",
    ];

    private static readonly string[] Escapes =
    [
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "\\ud83d\\ude00",
        "\\n",
        "\\\\",
        "\\x",
        "\\u12",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next body.</summary>
    public byte[] Next()
    {
        var body = new JsonObject
        {
            ["name"] = "Will it happen?",
            ["endsAt"] = "2099-01-01T00:00:00Z",
            ["status"] = "active",
        };
        for (var changes = _random.Next(4); changes > 0; changes--)
        {
            var name = Pick(Names[..(_random.Next(3) == 0 ? Names.Length : 6)]);
            if (_random.Next(6) == 0)
            {
                body.Remove(name);
            }
            else
            {
                body[name] = Value(3);
            }
        }

        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return _random.Next(4) == 0 ? Broken(bytes) : bytes;
    }

    private JsonNode? Value(int depth) =>
        _random.Next(depth > 0 ? 12 : 8) switch
        {
            0 => null,
            1 => _random.Next(2) == 0,
            2 => JsonNode.Parse(Pick(Numbers)),
            3 => string.Concat(Enumerable.Repeat(Pick(Texts), _random.Next(1, 400))),
            < 8 => Pick(Texts) + (_random.Next(2) == 0 ? "" : Pick(Texts)),
            < 10 => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Value(depth - 1))]),
            _ => new JsonObject { [Pick(Names)] = Value(depth - 1) },
        };

    /// <summary>One to three places of the text cut, doubled, or written over.</summary>
    private byte[] Broken(byte[] bytes)
    {
        var text = bytes.ToList();
        for (var breaks = _random.Next(1, 4); breaks > 0 && text.Count > 1; breaks--)
        {
            var at = _random.Next(text.Count);
            var length = Math.Min(_random.Next(1, 20), text.Count - at);
            switch (_random.Next(6))
            {
                case 0:
                    text.RemoveRange(at, length);
                    break;
                case 1:
                    text.InsertRange(at, text.GetRange(at, length));
                    break;
                case 2:
                    text[at] = (byte)_random.Next(256);
                    break;
                case 3:
                    text.InsertRange(at, Encoding.ASCII.GetBytes(Pick(Escapes)));
                    break;
                case 4:
                    text.InsertRange(at, Encoding.ASCII.GetBytes(new string(Pick(["[", "{", "\"", "]"])[0], 40)));
                    break;
                default:
                    text.RemoveRange(at, text.Count - at);
                    break;
            }
        }

        return [.. text];
    }

    private string Pick(string[] choices) => choices[_random.Next(choices.Length)];
}
