using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>Who may do what: one table, of which each cell is a request. Its rows stand with the tests of the slices.</summary>
public sealed partial class AuthorizationMatrixTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly List<AccessRow> Table =
    [
        .. typeof(AuthorizationMatrixTests)
            .Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IAccessTable)))
            .SelectMany(type => ((IAccessTable)Activator.CreateInstance(type)!).Rows),
    ];

    public static TheoryData<string, string, bool, bool, int> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, bool, bool, int>();
            foreach (var row in Table)
            {
                for (var i = 0; i < AccessRow.Roles.Count; i++)
                {
                    cells.Add(AccessRow.Roles[i], row.Endpoint, true, row.IsDraft, row.Own[i]);
                    cells.Add(AccessRow.Roles[i], row.Endpoint, false, row.IsDraft, (row.Foreign ?? row.Own)[i]);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_role_can_do_what_the_table_says(string role, string endpoint, bool own, bool draft, int status)
    {
        var row = Table.Find(row => row.Endpoint == endpoint && row.IsDraft == draft)!;
        var caller = User.New(role);
        var market = await api.CreateMarketAsync(
            own ? caller with { Role = "user" } : api.Bob,
            ApiFixture.NewMarket(status: draft ? "draft" : "active")
        );

        // The one id of the table is this job's, too.
        await api.Database.ExecuteAsync(
            """
            INSERT INTO jobs (id, kind, state, created_at, run_at, finished_at)
            VALUES (@id, 'index-market', 'failed', now(), now(), now())
            """,
            new { id = market.Id() }
        );

        var result = await SendAsync(role == AccessRow.Nobody ? null : caller, row, market.Id());

        Assert.Equal(status, (int)result.StatusCode);
        if (status >= 400)
        {
            var problem = await result.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            problem.ShouldBeWellFormed(status);
        }
    }

    [Fact]
    public void The_table_has_every_endpoint_of_the_API()
    {
        var mapped = api
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal))
            .SelectMany(endpoint =>
                endpoint
                    .Metadata.GetMetadata<IHttpMethodMetadata>()!
                    .HttpMethods.Where(method => method != "HEAD")
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}")
            )
            .ToList();
        var stated = Table.Where(row => !row.IsDraft).Select(row => row.Endpoint).ToList();

        Assert.NotEmpty(mapped);
        Assert.All(
            mapped,
            endpoint =>
                Assert.True(
                    stated.Contains(endpoint),
                    $"{endpoint} doesn't say who may use it: add a row to {{UseCase}}Access.cs among its slice's tests."
                )
        );
        Assert.All(
            stated,
            endpoint => Assert.True(mapped.Contains(endpoint), $"An access table has {endpoint}, which isn't mapped.")
        );
        Assert.Equal(stated.Count, stated.Distinct().Count());
    }

    private async Task<HttpResponseMessage> SendAsync(User? caller, AccessRow row, Guid id)
    {
        var (method, path) = row.Endpoint.Split(' ') is [var m, var p] ? (m, p) : default;
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            IdOfRoute().Replace(path, id.ToString()) + row.Query
        );
        request.Content = row.Body is null ? null : JsonContent.Create(row.Body);
        if (caller is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        }

        return await api.Live.Client.SendAsync(request);
    }

    [GeneratedRegex(@"\{id(:[^}]*)?\}")]
    private static partial Regex IdOfRoute();
}
