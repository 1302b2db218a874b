using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MarketsApi.Infrastructure.Http.Json;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

public sealed class Utf8JsonEncoderTests
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Theory]
    [InlineData("😀", "\"😀\"")]
    [InlineData("a😀\"\\\n😀é\u0001", "\"a😀\\\"\\\\\\n😀é\\u0001\"")]
    [InlineData("\U0010ffff", "\"\U0010ffff\"")]
    [InlineData("<&'>", "\"<&'>\"")]
    public void Writes_what_JSON_lets_be_as_UTF_8(string text, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(text, JsonSettings.Wire)));

    [Fact]
    public void Says_the_same_as_the_framework_s_own_encoder() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2_000),
            Prop.ForAll(
                ArbMap.Default.ArbFor<(char Letter, bool IsEmoji)[]>(),
                letters =>
                {
                    var text = string.Concat(letters.Select(part => part.IsEmoji ? "\U0001F600" : $"{part.Letter}"));
                    return JsonSerializer.Deserialize<string>(JsonSerializer.SerializeToUtf8Bytes(text, Relaxed))
                        == JsonSerializer.Deserialize<string>(
                            JsonSerializer.SerializeToUtf8Bytes(text, JsonSettings.Wire)
                        );
                }
            )
        );
}
