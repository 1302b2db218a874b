using System.Text.Json;
using Alba;
using Xunit;

namespace MarketsApi.Tests.Support;

/// <summary>Reads responses, and checks problems against the one error format.</summary>
public static class ResponseAssertions
{
    /// <summary>The whole body.</summary>
    public static JsonElement Json(this IScenarioResult result) => JsonDocument.Parse(result.ReadAsText()).RootElement;

    /// <summary>The envelope's data, of a success.</summary>
    public static JsonElement Data(this IScenarioResult result)
    {
        var body = result.Json();
        Assert.True(body.GetProperty("success").GetBoolean());
        return body.GetProperty("data");
    }

    /// <summary>The envelope's meta.</summary>
    public static JsonElement Meta(this IScenarioResult result) => result.Json().GetProperty("meta");

    /// <summary>A header of the response.</summary>
    public static string Header(this IScenarioResult result, string name) =>
        result.Context.Response.Headers[name].ToString();

    /// <summary>A text property.</summary>
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    /// <summary>The id of a resource.</summary>
    public static Guid Id(this JsonElement element) => element.GetProperty("id").GetGuid();

    /// <summary>The response is a problem of the one format, with this sentence, and for a 400 with a detail for each of these fields, in any order.</summary>
    public static JsonElement ShouldBeProblem(
        this IScenarioResult result,
        int status,
        string error,
        params string[] fields
    )
    {
        Assert.Equal(status, result.Context.Response.StatusCode);
        Assert.StartsWith("application/problem+json", result.Header("Content-Type"), StringComparison.Ordinal);
        var problem = result.Json();
        problem.ShouldBeWellFormed(status);
        Assert.Equal(error, problem.Text("error"));
        Assert.Equal(result.Header("X-Request-Id"), problem.Text("requestId"));
        if (fields.Length > 0)
        {
            var found = problem.GetProperty("details").EnumerateArray().Select(detail => detail.Text("field"));
            Assert.Equal(fields.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
        }

        return problem;
    }

    /// <summary>Has every property of the one error format, of the right type.</summary>
    public static void ShouldBeWellFormed(this JsonElement problem, int status)
    {
        Assert.False(problem.GetProperty("success").GetBoolean());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.True(Uri.IsWellFormedUriString(problem.Text("type"), UriKind.Absolute));
        foreach (var member in (string[])["error", "title", "instance", "requestId", "traceId"])
        {
            Assert.False(string.IsNullOrWhiteSpace(problem.Text(member)), $"{member} is empty");
        }

        Assert.Equal(status == 400, problem.TryGetProperty("details", out var details));
        if (status == 400)
        {
            Assert.NotEmpty(details.EnumerateArray());
            foreach (var detail in details.EnumerateArray())
            {
                Assert.All(
                    (string[])["field", "code", "message"],
                    member => Assert.False(string.IsNullOrWhiteSpace(detail.Text(member)))
                );
                // FluentValidation's own sentences, which name our properties.
                Assert.False(detail.Text("message")!.StartsWith('\''), detail.Text("message"));
            }
        }
    }
}
