using System.Net.Http.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>Who may do what: one table, of which each cell is a request. Its rows are beside the tests of the slices.</summary>
public sealed class AuthorizationMatrixTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    public static TheoryData<string, string, bool, bool, int> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, bool, bool, int>();
            foreach (var row in EndpointCall.Table)
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
        var row = EndpointCall.Table.Find(row => row.Endpoint == endpoint && row.IsDraft == draft)!;
        var caller = User.New(role);
        var id = await EndpointCall.NewObjectAsync(api, own ? caller with { Role = "user" } : api.Bob, draft);

        using var result = await EndpointCall.SendAsync(api, role == AccessRow.Anonymous ? null : caller, endpoint, id);

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
        var stated = EndpointCall.Table.Where(row => !row.IsDraft).Select(row => row.Endpoint).ToList();

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
}
