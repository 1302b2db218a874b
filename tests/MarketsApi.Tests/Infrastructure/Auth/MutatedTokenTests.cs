using System.Net;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>A valid token, changed in two thousand fixed ways: each is rejected.</summary>
public sealed class MutatedTokenTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Count = 2_000;
    private const int Seed = 20_261_122;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>All that HTTP lets into a header and that isn't blank at the ends.</summary>
    private const string Printable = Alphabet + ".=+/!#$%&'*^`|~:;<>?@[]{}()\\\"";

    [Fact]
    public async Task None_is_accepted_and_none_causes_a_server_error()
    {
        var good = RawToken.Make(RawToken.Claims());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(good));
        var random = new Random(Seed);
        var tokens = Enumerable
            .Range(0, Count)
            .Select(_ => Mutate(good, random))
            .Where(token => token != good)
            .Distinct()
            .ToList();
        Assert.True(tokens.Count > Count * 9 / 10, "too many mutations changed nothing");

        foreach (var batch in tokens.Chunk(50))
        {
            var statuses = await Task.WhenAll(batch.Select(StatusAsync));
            Assert.All(
                batch.Zip(statuses),
                one => Assert.True(one.Second == HttpStatusCode.Unauthorized, $"{one.Second} with {one.First}")
            );
        }
    }

    /// <summary>The signature's last character has two bits that mean nothing; each of the other spellings of the same bytes is another token.</summary>
    [Fact]
    public async Task No_other_spelling_of_the_signature_is_accepted()
    {
        var good = RawToken.Make(RawToken.Claims());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(good));

        foreach (var last in Alphabet.Where(last => last != good[^1]))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(good[..^1] + last));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(good + "="));
    }

    [Fact]
    public async Task A_token_of_more_than_8_KiB_is_rejected_even_if_it_is_valid()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Padded(5_000)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Padded(8_000)));

        static string Padded(int by) => RawToken.Make(RawToken.Claims(with: ("padding", new string('x', by))));
    }

    [Fact]
    public async Task A_header_that_must_be_understood_and_isnt_makes_a_token_bad()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(RawToken.Make(RawToken.Claims(), ("kid", "any"))));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await StatusAsync(RawToken.Make(RawToken.Claims(), ("crit", new[] { "exp" })))
        );
    }

    private static string Mutate(string token, Random random)
    {
        var text = new StringBuilder(token);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(8))
            {
                case 0:
                    text[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 1:
                    text[at] = Printable[random.Next(Printable.Length)];
                    break;
                case 2:
                    text.Remove(at, 1);
                    break;
                case 3:
                    text.Insert(at, Printable[random.Next(Printable.Length)]);
                    break;
                case 4:
                    text.Length = Math.Max(1, at);
                    break;
                case 5:
                    text.Append(Printable[random.Next(Printable.Length)]);
                    break;
                case 6:
                    text.Append('.').Append(text.ToString(0, at));
                    break;
                default:
                    (text[at], text[^1]) = (text[^1], text[at]);
                    break;
            }
        }

        return text.ToString();
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        Assert.True(request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token));
        using var response = await api.Live.Client.SendAsync(request);
        return response.StatusCode;
    }
}
