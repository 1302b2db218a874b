using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>A valid request to any endpoint, to find out who may send it.</summary>
internal static partial class EndpointCall
{
    /// <summary>What the slices' tests say of who may use them.</summary>
    public static List<AccessRow> Table { get; } =
    [
        .. typeof(EndpointCall)
            .Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IAccessTable)))
            .SelectMany(type => ((IAccessTable)Activator.CreateInstance(type)!).Rows),
    ];

    /// <summary>Every endpoint of the program, as <c>GET /api/markets/{id}</c>.</summary>
    public static List<string> All(ApiFixture api) =>
        [
            .. api
                .Host.Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(endpoint =>
                    endpoint
                        .Metadata.GetMetadata<IHttpMethodMetadata>()!
                        .HttpMethods.Where(method => method != "HEAD")
                        .Select(method => $"{method} {endpoint.RoutePattern.RawText}")
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A market of this creator, and a failed job of the same id.</summary>
    public static async Task<Guid> NewObjectAsync(ApiFixture api, User creator, bool draft)
    {
        var market = await api.CreateMarketAsync(creator, ApiFixture.NewMarket(status: draft ? "draft" : "active"));
        await api.Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, state, created_at, run_at, finished_at)
            VALUES (@id, 'index-market', 'failed', now(), now(), now())
            """,
            new { id = market.Id() }
        );
        return market.Id();
    }

    /// <summary>Calls the endpoint on the object with this id.</summary>
    public static async Task<HttpResponseMessage> SendAsync(ApiFixture api, User? caller, string endpoint, Guid id)
    {
        var (method, path) = endpoint.Split(' ') is [var m, var p] ? (m, p) : default;
        var row = Table.Find(row => row.Endpoint == endpoint);
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            IdOfRoute().Replace(path, id.ToString()).Replace("{documentName}", "v1", StringComparison.Ordinal)
                + row?.Query
        );
        request.Content = row?.Body is { } body ? JsonContent.Create(body) : null;
        if (caller is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        }

        // A stream has sent its headers.
        return await api.Live.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    [GeneratedRegex(@"\{id(:[^}]*)?\}")]
    private static partial Regex IdOfRoute();
}
