using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>The response to a request that was written out byte for byte.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers, those of the body included.</param>
/// <param name="Text">The body.</param>
public sealed record RawResponse(int Status, ILookup<string, string> Headers, string Text)
{
    /// <summary>The whole body.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The envelope's data, of a success with this status.</summary>
    public JsonElement Data(int status)
    {
        Assert.True(Status == status, $"Expected {status}, but it was {Status}: {Text}");
        Assert.True(Json.GetProperty("success").GetBoolean());
        return Json.GetProperty("data");
    }

    /// <summary>The response is a problem of the one format, and for a 400 has a detail for each of these fields and no other.</summary>
    public JsonElement ShouldBeProblem(int status, string error, params string[] fields)
    {
        ShouldBeWellFormedProblem();
        Assert.True(Status == status, $"Expected {status}, but it was {Status}: {Text}");
        Assert.Equal(error, Json.Text("error"));
        if (status == 400)
        {
            Assert.Equal(fields.Order(StringComparer.Ordinal), Fields().Order(StringComparer.Ordinal));
        }

        return Json;
    }

    /// <summary>The response is a problem of the one format, whichever.</summary>
    public void ShouldBeWellFormedProblem()
    {
        Assert.True(Header("Content-Type") == "application/problem+json", $"{Status} {Header("Content-Type")}: {Text}");
        Json.ShouldBeWellFormed(Status);
    }

    /// <summary>A header, its values joined by commas.</summary>
    public string Header(string name) => string.Join(", ", Headers[name]);

    private IEnumerable<string> Fields() =>
        Json.GetProperty("details").EnumerateArray().Select(detail => detail.Text("field")!).Distinct();
}
