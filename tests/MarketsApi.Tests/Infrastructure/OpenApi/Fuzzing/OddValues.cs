namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>What no well-behaved client sends, or few do.</summary>
internal static class OddValues
{
    /// <summary>What is of no schema here: other types, odd texts, numbers that no type of ours holds.</summary>
    public static readonly string[] Json =
    [
        "null",
        "true",
        "0",
        "-1",
        "\"\"",
        "\" \"",
        "[]",
        "{}",
        "[null]",
        "{\"a\":{\"b\":[1,{}]}}",
        "1e400",
        "-1e400",
        "1e-400",
        "0.000000000000000000000000000001",
        "123456789012345678901234567890123456789",
        "9223372036854775808",
        "-0",
        "-0.0",
        "1E+2",
        "0.1e1",
        "0.015",
        "1.0000",
        "\"NaN\"",
        "\"1\"",
        "\"yes \"",
        "\"YES\"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"x\\udc00y\"",
        "\"\\ufffe\\uffff\"",
        "\"\\u2028 line\"",
        "\"a\\nb\\tc\"",
        "\"\\u202e abc\"",
        "\"\\u200b\\u200b\\u200b\"",
        "\"\\uD83D\\uDE00 \\uD83D\\uDE00\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999Z\"",
        "\"2099-02-29T00:00:00Z\"",
        "\"2099-12-31T23:59:60Z\"",
        "\"2099-01-01T00:00:00\"",
        "\"2099-01-01 00:00:00Z\"",
        "\"2099-01-01T24:00:00Z\"",
        "\"2099-01-01T00:00:00+24:00\"",
        "\"2099-01-01T00:00:00.Z\"",
        "4102444800000",
    ];

    /// <summary>Values of query parameters, as they go over the line.</summary>
    public static readonly string[] Texts =
    [
        "",
        "%20",
        "%00",
        "%",
        "%zz",
        "%FF",
        "%E2%82",
        "%ED%A0%80",
        "%C0%80",
        "%EF%BF%BE",
        "%E2%80%A8",
        "null",
        "true",
        "-1",
        "0",
        "1e9",
        "99999999999999999999",
        "0.001",
        "+5",
        "1_000",
        "%D9%A3",
        "'--",
        "a,b",
        ",",
        "%2C",
        "a%09b",
        "%F0%9F%98%80",
        "e%CC%81",
        "..",
        "%2e%2e%2f",
        "%5B%5D",
        "a%26b%3Dc",
        "Infinity",
        "2099-01-01T00:00:00+01:00",
    ];

    /// <summary>Media types of bodies.</summary>
    public static readonly string[] MediaTypes =
    [
        "text/plain",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-16",
        "application/json; charset=\"utf-8\"",
        "Application/JSON",
        "application/merge-patch+json",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=",
        "nonsense",
        "",
    ];

    /// <summary>Headers that the document doesn't have, and values of those that it has.</summary>
    public static readonly (string Name, string[] Values)[] Headers =
    [
        ("Accept", ["application/json", "text/html", "application/xml", "*/*;q=0", "nonsense", ""]),
        ("Accept-Encoding", ["identity", "gzip;q=0", "br", "*;q=0", "nonsense"]),
        ("Accept-Language", ["tr-TR", "de, en;q=0.5"]),
        ("Origin", ["https://a.example", "null", "nonsense"]),
        ("Range", ["bytes=0-1", "bytes=9-"]),
        ("Expect", ["nonsense"]),
        ("Cookie", ["a=b; c"]),
        ("traceparent", ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "ff-1", "nonsense"]),
        ("X-Request-Id", ["mine", "a b", "é", new string('x', 65), ""]),
        ("X-Forwarded-For", ["203.0.113.9", "nonsense", "1.2.3.4, 5.6.7.8"]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("If-Modified-Since", ["Sun, 06 Nov 1994 08:49:37 GMT", "nonsense"]),
    ];

    /// <summary>Entity tags, and what looks like one.</summary>
    public static readonly string[] Tags =
    [
        "*",
        "\"1\"",
        "\"1.0\"",
        "W/\"1.0\"",
        "\"99.0\"",
        "\"1.0\", \"2.0\"",
        "\"1.0-gzip\"",
        "\"x, \"1.0\", y\"",
        "\"5.0\", *",
        "\"\"",
        "\"99999999999999999999.0\"",
        "\"-1\"",
        "\"1.0",
        "1.0",
        ",",
        "\"é\"",
        "nonsense",
        "",
    ];

    /// <summary>Idempotency keys.</summary>
    public static readonly string[] Keys = ["a", "two words", "é", "\"quoted\"", "", new string('k', 256)];
}
