using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>What memory still serves without the database.</summary>
public sealed class CacheWithoutDatabaseTests
{
    [Fact]
    public async Task Cached_markets_and_lists_are_served_and_304_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = new TcpProxy(server.Host!, server.Port);
        (server.Host, server.Port, server.SslMode) = ("127.0.0.1", proxy.Port, SslMode.Disable);
        await using var program = await HostedProgram.StartAsync(
            ("ConnectionStrings__Postgres", server.ConnectionString),
            ("Caching__MemorySeconds", "60"),
            ("Caching__ListSeconds", "60")
        );
        var path = await CreateAsync(program.Client);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program.Client, path));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program.Client, "/api/markets"));

        proxy.Close();

        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await StatusAsync(program.Client, $"/api/markets/{Guid.NewGuid()}")
        );
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program.Client, path));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(program.Client, path, "\"1.0\""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program.Client, "/api/markets"));
    }

    private static async Task<string> CreateAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/markets");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", User.New().Token);
        request.Content = JsonContent.Create(ApiFixture.NewMarket());
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return $"/api/markets/{(await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").Id()}";
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
