using System.Net.Http.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>Who may do what: one table, of which each cell is a request.</summary>
public sealed class AuthorizationMatrixTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Nobody = "(no token)";
    private const string Unknown = "User";

    private static readonly string[] Roles = [Nobody, Unknown, "user", "moderator", "admin"];

    /// <summary>
    /// For each endpoint the answer by role, in the order of <see cref="Roles"/>: on what is the caller's own, and on somebody else's.
    /// Where an endpoint has no owner both are the same.
    /// </summary>
    private static readonly (string Endpoint, int[] Own, int[] Foreign)[] Table =
    [
        ("GET /api/markets", [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
        ("POST /api/markets", [401, 403, 201, 201, 201], [401, 403, 201, 201, 201]),
        ("GET /api/markets/{id}", [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
        ("PUT /api/markets/{id}", [401, 403, 200, 200, 200], [401, 403, 403, 200, 200]),
        ("PATCH /api/markets/{id}", [401, 403, 200, 200, 200], [401, 403, 403, 200, 200]),
        ("DELETE /api/markets/{id}", [401, 403, 403, 204, 204], [401, 403, 403, 204, 204]),
        ("GET /api/markets/search", [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
        ("GET /api/markets/{id}/positions", [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
        ("GET /api/markets/{id}/similar", [200, 200, 200, 200, 200], [200, 200, 200, 200, 200]),
        ("POST /api/markets/{id}/index", [401, 403, 403, 403, 202], [401, 403, 403, 403, 202]),
        ("POST /api/markets/{id}/positions", [401, 403, 201, 201, 201], [401, 403, 201, 201, 201]),
        ("GET /api/jobs", [401, 403, 403, 403, 200], [401, 403, 403, 403, 200]),
        ("GET /api/jobs/{id}", [401, 403, 403, 403, 200], [401, 403, 403, 403, 200]),
        ("POST /api/jobs/{id}/retry", [401, 403, 403, 403, 202], [401, 403, 403, 403, 202]),
        ("GET /api/me", [401, 200, 200, 200, 200], [401, 200, 200, 200, 200]),
    ];

    /// <summary>A draft is there for its creator and for those who act for all; the rest can't tell it from nothing.</summary>
    private static readonly (string Endpoint, int[] Own, int[] Foreign)[] Drafts =
    [
        ("GET /api/markets/{id}", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200]),
        ("PUT /api/markets/{id}", [401, 403, 200, 200, 200], [401, 403, 404, 200, 200]),
        ("PATCH /api/markets/{id}", [401, 403, 200, 200, 200], [401, 403, 404, 200, 200]),
        ("DELETE /api/markets/{id}", [401, 403, 403, 204, 204], [401, 403, 403, 204, 204]),
        ("GET /api/markets/{id}/positions", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200]),
        ("GET /api/markets/{id}/similar", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200]),
        ("POST /api/markets/{id}/index", [401, 403, 403, 403, 202], [401, 403, 403, 403, 202]),
        ("POST /api/markets/{id}/positions", [401, 403, 409, 409, 409], [401, 403, 404, 409, 409]),
    ];

    public static TheoryData<string, string, bool, bool, int> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, bool, bool, int>();
            foreach (var (rows, draft) in new[] { (Table, false), (Drafts, true) })
            {
                foreach (var (endpoint, own, foreign) in rows)
                {
                    for (var i = 0; i < Roles.Length; i++)
                    {
                        cells.Add(Roles[i], endpoint, true, draft, own[i]);
                        cells.Add(Roles[i], endpoint, false, draft, foreign[i]);
                    }
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_role_can_do_what_the_table_says(string role, string endpoint, bool own, bool draft, int status)
    {
        var caller = User.New(role);
        var id = await EndpointCall.NewObjectAsync(api, own ? caller with { Role = "user" } : api.Bob, draft);

        using var result = await EndpointCall.SendAsync(api, role == Nobody ? null : caller, endpoint, id);

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
        var mapped = EndpointCall
            .All(api)
            .Where(endpoint => endpoint.Contains(" /api", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(mapped);
        Assert.Equal(mapped, Table.Select(row => row.Endpoint).Order(StringComparer.Ordinal));
    }
}
