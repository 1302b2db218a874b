using System.Buffers.Text;
using System.Security.Cryptography;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>A small OpenID Connect server: a discovery document and the keys that it points to.</summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    private const string KeyId = "key-1";

    private readonly RSA _key = RSA.Create(2048);
    private WebApplication? _app;

    /// <summary>The issuer's address, whether it runs or not.</summary>
    public string Issuer { get; } = $"http://localhost:{FreePorts.Next()}";

    /// <summary>Starts the server.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Issuer);
        _app = builder.Build();
        _app.MapGet(
            "/.well-known/openid-configuration",
            () => Results.Json(new { issuer = Issuer, jwks_uri = Issuer + "/keys" })
        );
        var modulus = Base64Url.EncodeToString(_key.ExportParameters(false).Modulus);
        _app.MapGet(
            "/keys",
            () =>
                Results.Json(
                    new
                    {
                        keys = new[]
                        {
                            new
                            {
                                kty = "RSA",
                                use = "sig",
                                kid = KeyId,
                                n = modulus,
                                e = "AQAB",
                            },
                        },
                    }
                )
        );
        await _app.StartAsync();
    }

    /// <summary>A token signed with the server's key; the arguments are what differs from a valid one.</summary>
    public string Token(string? issuer = null, string algorithm = "RS256", RSA? key = null, string keyId = KeyId)
    {
        var (hash, padding) = algorithm switch
        {
            "RS256" => (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "RS512" => (HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            _ => (HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        };
        return RawToken.Of(
            new
            {
                alg = algorithm,
                typ = "JWT",
                kid = keyId,
            },
            RawToken.Claims(with: ("iss", issuer ?? Issuer)),
            input => (key ?? _key).SignData(input, hash, padding)
        );
    }

    /// <summary>The attack of old: HS256 with the public key, which everybody has, as the secret.</summary>
    public string TokenSignedWithThePublicKey(string algorithm = "HS256") =>
        RawToken.Of(
            new
            {
                alg = algorithm,
                typ = "JWT",
                kid = KeyId,
            },
            RawToken.Claims(with: ("iss", Issuer)),
            input => HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), input)
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _key.Dispose();
    }
}
