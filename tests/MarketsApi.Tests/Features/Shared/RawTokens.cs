using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Tokens whose claims are written out as JSON, for what no library would write.</summary>
internal static class RawTokens
{
    /// <summary>A validly signed token with these claims beside <c>exp</c>.</summary>
    public static string Sign(string members) => Sign(Encoding.UTF8.GetBytes(members));

    /// <summary>A validly signed token with these bytes for claims beside <c>exp</c>.</summary>
    public static string Sign(byte[] members)
    {
        var expiry = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        byte[] claims = [.. Encoding.UTF8.GetBytes($"{{\"exp\":{expiry},"), .. members, .. "}"u8];
        var content =
            $"{Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8)}.{Base64Url.EncodeToString(claims)}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Tokens.Secret), Encoding.ASCII.GetBytes(content));
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }
}
