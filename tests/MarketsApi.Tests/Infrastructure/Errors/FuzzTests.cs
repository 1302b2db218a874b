using System.Net.Http.Headers;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Errors;

/// <summary>Any input gets a response of the contract: never a 5xx, and every failure is a well-formed problem.</summary>
public sealed class FuzzTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Tries = 400;

    private static readonly string[] Parameters =
    [
        "status",
        "category",
        "creatorId",
        "ids",
        "minVolume",
        "maxVolume",
        "endsAfter",
        "endsBefore",
        "sort",
        "order",
        "limit",
        "offset",
        "cursor",
        "count",
        "x",
    ];

    private static readonly string[] Values =
    [
        "",
        "0",
        "-1",
        "1e9",
        "99999999999999999999",
        "null",
        "NaN",
        "Infinity",
        "true",
        "%00",
        "%EF%BF%BE",
        "%ED%A0%80",
        "%C0%80",
        "'",
        "%27--",
        "{}",
        "[]",
        "a,b",
        ",",
        "2027-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "0.001",
        "+5",
        "1_000",
        "٣",
    ];

    [Fact]
    public async Task Random_paths_get_responses_of_the_contract()
    {
        var random = new Random(4711);
        for (var i = 0; i < Tries; i++)
        {
            var prefix = random.Next(3) switch
            {
                0 => "/",
                1 => "/api/",
                _ => "/api/markets/",
            };
            await ShouldRespondAsync(HttpMethod.Get, prefix + Encoded(random, 40));
        }
    }

    [Fact]
    public async Task Random_queries_get_responses_of_the_contract()
    {
        var random = new Random(4712);
        for (var i = 0; i < Tries; i++)
        {
            var pairs = Enumerable
                .Range(0, random.Next(1, 4))
                .Select(_ => $"{Pick(random, Parameters)}={AnyValue(random)}");
            await ShouldRespondAsync(HttpMethod.Get, "/api/markets?" + string.Join('&', pairs));
        }
    }

    [Fact]
    public async Task Random_bodies_get_responses_of_the_contract()
    {
        var market = await api.CreateMarketAsync();
        var random = new Random(4713);
        const string text =
            """{"name":"Will it happen?","endsAt":"2999-01-01T00:00:00Z","status":"active","category":null}""";
        (HttpMethod Method, string Path)[] targets =
        [
            (HttpMethod.Post, "/api/markets"),
            (HttpMethod.Put, $"/api/markets/{market.Id()}"),
            (HttpMethod.Patch, $"/api/markets/{market.Id()}"),
        ];
        for (var i = 0; i < Tries; i++)
        {
            var body = Encoding.UTF8.GetBytes(text);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                body[random.Next(body.Length)] =
                    random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0nt\\\u0000"[random.Next(12)];
            }

            var (method, path) = Pick(random, targets);
            await ShouldRespondAsync(
                method,
                path,
                body[..random.Next(random.Next(2) == 0 ? 0 : body.Length, body.Length + 1)]
            );
        }
    }

    [Fact]
    public async Task Random_headers_get_responses_of_the_contract()
    {
        var market = await api.CreateMarketAsync();
        var random = new Random(4714);
        string[] names =
        [
            "If-Match",
            "If-None-Match",
            "Content-Type",
            "Accept",
            "Accept-Encoding",
            "traceparent",
            "X-Request-Id",
            "Origin",
            "Range",
        ];
        for (var i = 0; i < Tries; i++)
        {
            var value = new string([
                .. Enumerable.Range(0, random.Next(0, 30)).Select(_ => (char)random.Next(32, 127)),
            ]);
            await ShouldRespondAsync(
                HttpMethod.Delete,
                $"/api/markets/{Guid.NewGuid()}",
                null,
                (Pick(random, names), value)
            );
            await ShouldRespondAsync(HttpMethod.Get, $"/api/markets/{market.Id()}", null, (Pick(random, names), value));
        }
    }

    private static string Encoded(Random random, int longest)
    {
        var bytes = new byte[random.Next(1, longest)];
        random.NextBytes(bytes);
        return string.Concat(
            bytes.Select(b =>
                random.Next(4) == 0 && char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString() : $"%{b:X2}"
            )
        );
    }

    private static string AnyValue(Random random) => random.Next(2) == 0 ? Pick(random, Values) : Encoded(random, 12);

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    private async Task ShouldRespondAsync(
        HttpMethod method,
        string url,
        byte[]? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(api.Live.Address, new Uri(url, UriKind.Relative)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Moderator.Token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await api.Live.Client.SendAsync(request);
        var status = (int)response.StatusCode;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status < 500, $"{method} {url} {Convert.ToHexString(body ?? [])}: {status} {text}");

        // What Kestrel itself rejects as malformed HTTP has no body.
        if (
            status >= 400
            && response.Content.Headers.ContentLength != 0
            && response.Content.Headers.ContentEncoding.Count == 0
        )
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            System.Text.Json.JsonDocument.Parse(text).RootElement.ShouldBeWellFormed(status);
        }
    }
}
