using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MarketsApi.Tests.Support;

/// <summary>Tokens put together by hand, for what no library would issue.</summary>
public static class RawToken
{
    /// <summary>An admin's claims, valid for an hour.</summary>
    public static Dictionary<string, object?> Claims(string? without = null, params (string Name, object? Value)[] with)
    {
        var claims = new Dictionary<string, object?>
        {
            ["userId"] = "0192f0c4-0000-7000-8000-00000000a11c",
            ["role"] = "admin",
            ["name"] = "Mallory",
            ["exp"] = Seconds(3_600),
        };
        foreach (var (name, value) in with)
        {
            claims[name] = value;
        }

        if (without is not null)
        {
            claims.Remove(without);
        }

        return claims;
    }

    /// <summary>A NumericDate so many seconds from now.</summary>
    public static long Seconds(double fromNow) => DateTimeOffset.UtcNow.AddSeconds(fromNow).ToUnixTimeSeconds();

    /// <summary>Signed with HS256 and the program's own secret, with header parameters beyond <c>alg</c>.</summary>
    public static string Make(Dictionary<string, object?> claims, params (string Name, object Value)[] header)
    {
        var members = new Dictionary<string, object> { ["alg"] = "HS256", ["typ"] = "JWT" };
        foreach (var (name, value) in header)
        {
            members[name] = value;
        }

        return Of(members, claims, input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Tokens.Secret), input));
    }

    /// <summary>Header and payload as JSON, and any signature.</summary>
    public static string Of(object header, object payload, Func<byte[], byte[]> sign)
    {
        var input =
            Encode(JsonSerializer.SerializeToUtf8Bytes(header))
            + "."
            + Encode(JsonSerializer.SerializeToUtf8Bytes(payload));
        return input + "." + Encode(sign(Encoding.ASCII.GetBytes(input)));
    }

    /// <summary>The token with one part replaced by other JSON, and its signature left.</summary>
    public static string WithPart(this string token, int index, object json)
    {
        var parts = token.Split('.');
        parts[index] = Encode(JsonSerializer.SerializeToUtf8Bytes(json));
        return string.Join('.', parts);
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
