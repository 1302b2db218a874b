using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Idempotency;

/// <summary>The response to a POST with an Idempotency-Key.</summary>
internal sealed record KeyedResponse(
    int Status,
    string Body,
    string? Location,
    string? EntityTag,
    string? Replayed,
    string? RetryAfter,
    string? ContentType
)
{
    public JsonElement Data => JsonDocument.Parse(Body).RootElement.GetProperty("data");

    /// <summary>It is another's again, and says so.</summary>
    public void ShouldReplay(KeyedResponse first)
    {
        Assert.Equal("true", Replayed);
        Assert.Equal(first with { Replayed = "true" }, this);
    }

    /// <summary>It is a problem of the one format.</summary>
    public JsonElement ShouldBeProblem(int status, string type)
    {
        Assert.Equal(status, Status);
        var problem = JsonDocument.Parse(Body).RootElement;
        problem.ShouldBeWellFormed(status);
        Assert.Equal("urn:marketsapi:problem:" + type, problem.Text("type"));
        return problem;
    }
}
