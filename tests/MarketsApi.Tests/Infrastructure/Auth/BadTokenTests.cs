using System.Security.Cryptography;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>Invalid tokens, by what is wrong with them, on an open read and on a write.</summary>
public sealed class BadTokenTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string Good = RawToken.Make(RawToken.Claims());

    private static readonly Dictionary<string, Func<string>> Bad = new()
    {
        ["alg none"] = () => Unsigned("none"),
        ["alg None"] = () => Unsigned("None"),
        ["alg NONE"] = () => Unsigned("NONE"),
        ["alg nOnE"] = () => Unsigned("nOnE"),
        ["alg empty"] = () => Unsigned(""),
        ["alg none with a good signature"] = () => RawToken.Make(RawToken.Claims(), ("alg", "none")),
        ["no alg"] = () => RawToken.Of(new { typ = "JWT" }, RawToken.Claims(), Hs256(Tokens.Secret)),
        ["alg of another case"] = () => RawToken.Make(RawToken.Claims(), ("alg", "hs256")),
        ["alg a number"] = () => RawToken.Make(RawToken.Claims(), ("alg", 256)),
        ["another key"] = () =>
            RawToken.Of(new { alg = "HS256" }, RawToken.Claims(), Hs256("another-secret-that-is-32-bytes-long")),
        ["the empty key"] = () => RawToken.Of(new { alg = "HS256" }, RawToken.Claims(), Hs256("")),
        ["HS384"] = () => RawToken.Of(new { alg = "HS384" }, RawToken.Claims(), i => HMACSHA384.HashData(Key, i)),
        ["HS512"] = () => RawToken.Of(new { alg = "HS512" }, RawToken.Claims(), i => HMACSHA512.HashData(Key, i)),
        ["RS256 by the secret"] = () => RawToken.Of(new { alg = "RS256" }, RawToken.Claims(), Hs256(Tokens.Secret)),
        ["RS256 by a key of its own in jwk"] = OwnKey,
        ["expired beyond the skew"] = () => RawToken.Make(RawToken.Claims(with: ("exp", RawToken.Seconds(-45)))),
        ["not valid before the skew"] = () => RawToken.Make(RawToken.Claims(with: ("nbf", RawToken.Seconds(45)))),
        ["nbf behind exp"] = () => RawToken.Make(RawToken.Claims(with: ("nbf", RawToken.Seconds(7_200)))),
        ["no exp"] = () => RawToken.Make(RawToken.Claims(without: "exp")),
        ["exp null"] = () => RawToken.Make(RawToken.Claims(with: ("exp", null))),
        ["exp a word"] = () => RawToken.Make(RawToken.Claims(with: ("exp", "tomorrow"))),
        ["exp an array"] = () => RawToken.Make(RawToken.Claims(with: ("exp", new[] { RawToken.Seconds(3_600) }))),
        ["exp an object"] = () => RawToken.Make(RawToken.Claims(with: ("exp", new { }))),
        ["exp true"] = () => RawToken.Make(RawToken.Claims(with: ("exp", true))),
        ["exp zero"] = () => RawToken.Make(RawToken.Claims(with: ("exp", 0))),
        ["exp negative"] = () => RawToken.Make(RawToken.Claims(with: ("exp", -1))),
        ["exp very negative"] = () => RawToken.Make(RawToken.Claims(with: ("exp", long.MinValue))),
        ["nbf a word"] = () => RawToken.Make(RawToken.Claims(with: ("nbf", "yesterday"))),
        ["another payload"] = () => Good.WithPart(1, RawToken.Claims(with: ("name", "Another user"))),
        ["another header"] = () =>
            Good.WithPart(
                0,
                new
                {
                    alg = "HS256",
                    typ = "JWT",
                    kid = "1",
                }
            ),
        ["no signature"] = () => Good[..(Good.LastIndexOf('.') + 1)],
        ["a cut signature"] = () => Good[..^2],
        ["two parts"] = () => Good[..Good.LastIndexOf('.')],
        ["four parts"] = () => Good + ".e30",
        ["five parts"] = () => Good + ".e30.e30",
        ["no base64"] = () => "!.?.*",
        ["no JSON"] = () => RawToken.Of("text", "text", Hs256(Tokens.Secret)),
        ["a word"] = () => "token",
        ["null"] = () => "null",
        ["two tokens"] = () => Good + " " + Good,
        ["two tokens with a comma"] = () => Good + "," + Good,
        ["quotes"] = () => $"\"{Good}\"",
        ["a blank inside"] = () => Good.Insert(20, " "),
        ["a long word"] = () => new string('a', 16_000),
        ["a long token of another key"] = () =>
            RawToken.Of(new { alg = "HS256" }, RawToken.Claims(with: ("x", new string('x', 12_000))), Hs256("x")),
        ["userId no UUID"] = () => RawToken.Make(RawToken.Claims(with: ("userId", "alice"))),
        ["userId in braces"] = () => RawToken.Make(RawToken.Claims(with: ("userId", Guid.NewGuid().ToString("B")))),
        ["userId in blanks"] = () => RawToken.Make(RawToken.Claims(with: ("userId", $" {Guid.NewGuid()} "))),
        ["userId empty"] = () => RawToken.Make(RawToken.Claims(with: ("userId", ""))),
        ["userId a number"] = () => RawToken.Make(RawToken.Claims(with: ("userId", 42))),
        ["userId null"] = () => RawToken.Make(RawToken.Claims(with: ("userId", null))),
        ["userId of two"] = () => RawToken.Make(RawToken.Claims(with: ("userId", TwoIds()))),
        ["userId an array of one"] = () => RawToken.Make(RawToken.Claims(with: ("userId", TwoIds()[..1]))),
        ["userId an object"] = () => RawToken.Make(RawToken.Claims(with: ("userId", new { id = Guid.NewGuid() }))),
        ["userId bad beside a good sub"] = () =>
            RawToken.Make(RawToken.Claims(null, ("userId", "alice"), ("sub", Guid.NewGuid().ToString()))),
        ["no userId and no sub"] = () => RawToken.Make(RawToken.Claims(without: "userId")),
        ["a sub that isn't a UUID"] = () => RawToken.Make(RawToken.Claims("userId", ("sub", "alice"))),
    };

    private static byte[] Key => Encoding.UTF8.GetBytes(Tokens.Secret);

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_rejected_on_an_open_read_and_on_a_write(string name)
    {
        var token = Bad[name]();

        var read = await api.Host.Scenario(s =>
        {
            s.Get.Url("/api/markets?limit=1");
            s.WithBearerToken(token);
            s.StatusCodeShouldBe(401);
            s.Header("WWW-Authenticate")
                .SingleValueShouldEqual("Bearer realm=\"markets-api\", error=\"invalid_token\"");
        });
        var write = await api.Host.Scenario(s =>
        {
            s.WithBearerToken(token);
            s.Post.Json(ApiFixture.NewMarket()).ToUrl("/api/markets");
            s.StatusCodeShouldBe(401);
            s.Header("WWW-Authenticate")
                .SingleValueShouldEqual("Bearer realm=\"markets-api\", error=\"invalid_token\"");
        });

        read.ShouldBeProblem(401, "Invalid token");
        write.ShouldBeProblem(401, "Invalid token");
    }

    private static string Unsigned(string algorithm) =>
        RawToken.Of(new { alg = algorithm, typ = "JWT" }, RawToken.Claims(), _ => []);

    private static Func<byte[], byte[]> Hs256(string secret) =>
        input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), input);

    private static string[] TwoIds() => [Guid.NewGuid().ToString(), Guid.NewGuid().ToString()];

    /// <summary>Brings the key that it is signed with along, by every header that some verifier has once believed.</summary>
    private static string OwnKey()
    {
        using var rsa = RSA.Create(2048);
        var modulus = System.Buffers.Text.Base64Url.EncodeToString(rsa.ExportParameters(false).Modulus);
        var header = new
        {
            alg = "RS256",
            kid = "../../dev/null",
            jwk = new
            {
                kty = "RSA",
                n = modulus,
                e = "AQAB",
            },
            jku = "https://attacker.example/jwks",
            x5u = "https://attacker.example/cert",
        };
        return RawToken.Of(
            header,
            RawToken.Claims(),
            i => rsa.SignData(i, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
    }
}
