using System.Globalization;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Auth;

/// <summary>The table in docs/security.md of who may do what, made by asking the running program.</summary>
public sealed class SecurityMatrixTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Document = "docs/security.md";
    private const string Update = "UPDATE_SECURITY=1 ./test -class '*SecurityMatrixTests'";

    private static readonly string?[] Roles = [null, "", "user", "moderator", "admin"];

    [Fact]
    public async Task The_documented_matrix_is_what_the_running_program_returns()
    {
        var matrix = await AskAsync();

        if (Environment.GetEnvironmentVariable("UPDATE_SECURITY") == "1")
        {
            Markdown.Replace(Document, "matrix", matrix);
        }

        var documented = Markdown.Between(Document, "matrix");
        var (mapped, written) = (EndpointsOf(matrix), EndpointsOf(documented));
        var both = mapped.Intersect(written).ToHashSet();
        Assert.NotEmpty(both);
        Assert.True(
            Only(both, documented) == Only(both, matrix),
            $"{Document} shows another matrix than the program's responses. If the change is intended: {Update}.\n{matrix}"
        );
        if (mapped.SetEquals(written))
        {
            return;
        }

        // A slice comes or goes with its own table, which AuthorizationMatrixTests hold. What is integrated has to be in the document as well.
        var difference =
            $"{Document} lacks [{string.Join(", ", mapped.Except(written))}] and still has [{string.Join(", ", written.Except(mapped))}]. Write it anew: {Update}.";
        Assert.False(Environment.GetEnvironmentVariable("STRICT_DOCS") == "1", difference);
        TestContext.Current.AddWarning(difference);
    }

    private static HashSet<string> EndpointsOf(string matrix) =>
        [.. matrix.Split('\n').Select(EndpointOf).OfType<string>()];

    /// <summary>The matrix without the rows of other endpoints.</summary>
    private static string Only(HashSet<string> endpoints, string matrix) =>
        string.Join(
            '\n',
            matrix.Split('\n').Where(line => EndpointOf(line) is not { } name || endpoints.Contains(name))
        );

    private static string? EndpointOf(string line) => line.Split('`') is [_, var endpoint, ..] ? endpoint : null;

    private async Task<string> AskAsync()
    {
        var table = new StringBuilder(
            "| endpoint | on | no token | no role | user | moderator | admin |\n|---|---|---|---|---|---|---|\n"
        );
        var endpoints = EndpointCall.All(api);
        Assert.True(endpoints.Count > 15, "found no endpoints to ask");
        foreach (var endpoint in endpoints)
        {
            foreach (var (name, own, draft) in ObjectsOf(endpoint))
            {
                table.Append(CultureInfo.InvariantCulture, $"| `{endpoint}` | {name} |");
                foreach (var role in Roles)
                {
                    table.Append(CultureInfo.InvariantCulture, $" {await StatusAsync(endpoint, role, own, draft)} |");
                }

                table.Append('\n');
            }
        }

        return table.ToString();
    }

    /// <summary>What an endpoint can be asked for, by whose it is.</summary>
    private static (string Name, bool Own, bool Draft)[] ObjectsOf(string endpoint) =>
        endpoint.Contains("/markets/{id}", StringComparison.Ordinal)
            ?
            [
                ("own market", true, false),
                ("another's market", false, false),
                ("own draft", true, true),
                ("another's draft", false, true),
            ]
            : [(endpoint.Contains("{id}", StringComparison.Ordinal) ? "any" : "–", false, false)];

    private async Task<int> StatusAsync(string endpoint, string? role, bool own, bool draft)
    {
        var caller = User.New(role ?? "");
        var id = await EndpointCall.NewObjectAsync(api, own ? caller with { Role = "user" } : api.Bob, draft);
        using var response = await EndpointCall.SendAsync(api, role is null ? null : caller, endpoint, id);
        return (int)response.StatusCode;
    }
}
