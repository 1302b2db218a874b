using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Sends bodies that aren't JSON, or that have the wrong JSON type for a property, to each endpoint that reads a body.</summary>
public sealed class JsonErrorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Good = "\"name\":\"Will it?\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"status\":\"active\"";

    [Theory]
    [InlineData("", "$", "InvalidBody|InvalidJson")]
    [InlineData("   ", "$", "InvalidJson")]
    [InlineData("null", "$", "InvalidBody")]
    [InlineData("[]", "$", "InvalidType")]
    [InlineData("[{}]", "$", "InvalidType")]
    [InlineData("\"name\"", "$", "InvalidType")]
    [InlineData("42", "$", "InvalidType")]
    [InlineData("true", "$", "InvalidType")]
    [InlineData("nonsense", "$", "InvalidJson")]
    [InlineData("{", "$", "InvalidJson")]
    [InlineData("}", "$", "InvalidJson")]
    [InlineData("{} {}", "$", "InvalidJson")]
    [InlineData("{}x", "$", "InvalidJson")]
    [InlineData("{name:\"Will it?\"}", "$", "InvalidJson")]
    [InlineData("{'name':'Will it?'}", "$", "InvalidJson")]
    [InlineData("""{"name":"Will it?",}""", "$", "InvalidJson")]
    [InlineData("""{"name":"Will it?"/* why */}""", "$", "InvalidJson")]
    [InlineData("""{"name":"Will it?"} // why""", "$", "InvalidJson")]
    [InlineData("""{"name":}""", "$.name", "InvalidJson")]
    [InlineData("""{"name":"Will it?""", "$.name", "InvalidJson")]
    [InlineData("""{"name":"Will\x it?"}""", "$.name", "InvalidJson")]
    [InlineData("""{"name":NaN}""", "$.name", "InvalidJson")]
    [InlineData("""{"name":"Will it?","name":"Won't it?"}""", "$.name", "DuplicateMember")]
    [InlineData("""{"name":"Will it?","\u006eame":"Won't it?"}""", "$.name", "DuplicateMember")]
    [InlineData("""{"endsAt":"2099-01-01T00:00:00Z","endsAt":null}""", "$.endsAt", "DuplicateMember")]
    [InlineData("""{"Name":"Will it?"}""", "$.Name", "UnknownMember")]
    [InlineData("""{"ends_at":"2099-01-01T00:00:00Z"}""", "$.ends_at", "UnknownMember")]
    [InlineData("""{"version":1}""", "$.version", "UnknownMember")]
    [InlineData("""{"":1}""", "$.", "UnknownMember")]
    [InlineData("""{"$id":"1"}""", "$.$id", "UnknownMember")]
    [InlineData("""{"__proto__":{}}""", "$.__proto__", "UnknownMember")]
    [InlineData("""{"a.b c":1}""", "$['a.b c']", "UnknownMember")]
    [InlineData("""{"a'b\\c":1}""", """$['a\'b\\c']""", "UnknownMember")]
    [InlineData("""{"']['a":1}""", """$['\'][\'a']""", "UnknownMember")]
    [InlineData("""{"a\u0001\u202eb":1}""", """$['a\u0001\u202eb']""", "UnknownMember")]
    [InlineData("""{"größe":1}""", "$.größe", "UnknownMember")]
    [InlineData("""{"name":5}""", "$.name", "InvalidType")]
    [InlineData("""{"name":true}""", "$.name", "InvalidType")]
    [InlineData("""{"name":["Will it?"]}""", "$.name", "InvalidType")]
    [InlineData("""{"name":{"en":"Will it?"}}""", "$.name", "InvalidType")]
    [InlineData("""{"description":0}""", "$.description", "InvalidType")]
    [InlineData("""{"category":{}}""", "$.category", "InvalidType")]
    [InlineData("""{"status":1}""", "$.status", "InvalidType")]
    [InlineData("""{"status":["active"]}""", "$.status", "InvalidType")]
    [InlineData("""{"endsAt":4102444800}""", "$.endsAt", "InvalidValue")]
    [InlineData("""{"endsAt":{}}""", "$.endsAt", "InvalidValue")]
    [InlineData("""{"endsAt":"2099-01-01"}""", "$.endsAt", "InvalidValue")]
    [InlineData("""{"name":"\ud800"}""", "$.name", "InvalidText")]
    [InlineData("""{"\ud800":1}""", "$", "InvalidText")]
    public async Task Says_where_the_JSON_is_wrong(string body, string field, string code)
    {
        foreach (var response in await SendAsync(Encoding.UTF8.GetBytes(body)))
        {
            var problem = response.ShouldBeProblem(400, "Validation failed", field);
            Assert.Contains(problem.GetProperty("details")[0].Text("code"), code.Split('|'));
            Assert.DoesNotContain("System.", response.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("LineNumber", response.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("outcome", "1", "$.outcome")]
    [InlineData("outcome", "true", "$.outcome")]
    [InlineData("outcome", "\"Yes\"", "outcome")]
    [InlineData("outcome", "\"\"", "outcome")]
    [InlineData("status", "\"Active\"", "status")]
    [InlineData("status", "\"0\"", "status")]
    public async Task Takes_a_word_of_a_few_only_as_it_is_spelled(string name, string json, string field)
    {
        var market = await api.CreateMarketAsync();
        var url = $"/api/markets/{market.Id()}";
        var rest = Good.Replace("\"status\":\"active\"", "\"category\":null", StringComparison.Ordinal);
        rest = name == "status" ? rest : Good;

        var patched = await api.SendAsync("PATCH", url, $$"""{"{{name}}":{{json}}}""");
        var replaced = await api.SendAsync("PUT", url, $$"""{ {{rest}},"{{name}}":{{json}}}""");

        patched.ShouldBeProblem(400, "Validation failed", field);
        replaced.ShouldBeProblem(400, "Validation failed", field);
    }

    [Fact]
    public async Task Rejects_bytes_that_are_not_UTF_8()
    {
        byte[][] sequences =
        [
            [0xff],
            [0xc3, 0x28],
            // An overlong slash, half of a surrogate pair, and a code point beyond the last.
            [0xc0, 0xaf],
            [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
        ];
        foreach (var sequence in sequences)
        {
            byte[] body = [.. "{\"name\":\"Will "u8, .. sequence, .. " it?\"}"u8];
            foreach (var response in await SendAsync(body))
            {
                response.ShouldBeProblem(400, "Validation failed", "$.name");
            }
        }

        foreach (var response in await SendAsync(Encoding.Unicode.GetBytes($"{{{Good}}}")))
        {
            response.ShouldBeProblem(400, "Validation failed", "$");
        }
    }

    [Fact]
    public async Task Rejects_deep_nesting_at_its_top()
    {
        foreach (var depth in (int[])[40, 1_000, 15_000])
        {
            var arrays = new string('[', depth);
            var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth / 3));
            foreach (var response in await SendAsync(Encoding.UTF8.GetBytes(arrays)))
            {
                response.ShouldBeProblem(400, "Validation failed", "$");
            }

            foreach (var response in await SendAsync(Encoding.UTF8.GetBytes(objects)))
            {
                response.ShouldBeProblem(400, "Validation failed", "$.a");
            }

            foreach (var response in await SendAsync(Encoding.UTF8.GetBytes($"{{\"name\":{arrays}")))
            {
                response.ShouldBeProblem(400, "Validation failed", "$.name");
            }
        }
    }

    [Fact]
    public async Task Reads_past_a_byte_order_mark_and_blanks()
    {
        byte[] marked = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes($"{{{Good}}}")];
        var spaced = Encoding.UTF8.GetBytes($"\r\n\t {{ {Good} }} \n");

        foreach (var body in (byte[][])[marked, spaced])
        {
            foreach (var response in await SendAsync(body))
            {
                Assert.True(response.Status is 200 or 201, response.Text);
                Assert.Equal("Will it?", response.Data(response.Status).Text("name"));
            }
        }
    }

    [Fact]
    public async Task Reads_escaped_property_names()
    {
        var body = Encoding.UTF8.GetBytes(
            $"{{{Good}}}".Replace("\"name\"", "\"\\u006eame\"", StringComparison.Ordinal)
        );

        foreach (var response in await SendAsync(body))
        {
            Assert.Equal("Will it?", response.Data(response.Status is 201 ? 201 : 200).Text("name"));
        }
    }

    private async Task<IReadOnlyList<RawResponse>> SendAsync(byte[] body)
    {
        const string json = "application/json";
        var url = $"/api/markets/{(await api.CreateMarketAsync()).Id()}";
        return
        [
            await api.SendBytesAsync("POST", "/api/markets", body, json),
            await api.SendBytesAsync("PUT", url, body, json),
            await api.SendBytesAsync("PATCH", url, body, json),
        ];
    }
}
