using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Alba;

/// <summary>One request and what is expected of its answer; 200 when no status is named.</summary>
public sealed class Scenario : IUrlExpression
{
    private readonly List<Action<HttpRequestMessage>> _setups = [];
    private readonly List<Func<ScenarioResult, string?>> _expectations = [];
    private HttpMethod _method = HttpMethod.Get;
    private byte[]? _body;
    private int? _expectedStatus = 200;

    /// <summary>A GET request.</summary>
    public IUrlExpression Get => With(HttpMethod.Get);

    /// <summary>A HEAD request.</summary>
    public IUrlExpression Head => With(HttpMethod.Head);

    /// <summary>A POST request.</summary>
    public IUrlExpression Post => With(HttpMethod.Post);

    /// <summary>A PUT request.</summary>
    public IUrlExpression Put => With(HttpMethod.Put);

    /// <summary>A PATCH request.</summary>
    public IUrlExpression Patch => With(HttpMethod.Patch);

    /// <summary>A DELETE request.</summary>
    public IUrlExpression Delete => With(HttpMethod.Delete);

    internal string RelativeUrl { get; set; } = "/";

    internal string? RequestContentType { get; set; }

    SendExpression IUrlExpression.Url(string relativeUrl) => new SendExpression(this).ToUrl(relativeUrl);

    SendExpression IUrlExpression.Json<T>(T input)
    {
        _body = JsonSerializer.SerializeToUtf8Bytes(input, JsonSerializerOptions.Web);
        RequestContentType = "application/json";
        return new SendExpression(this);
    }

    /// <summary>Sets a header of the request.</summary>
    public void WithRequestHeader(string headerKey, string value) =>
        _setups.Add(request => request.Headers.TryAddWithoutValidation(headerKey, value));

    /// <summary>Sends this token.</summary>
    public void WithBearerToken(string jwt) => WithRequestHeader("Authorization", "Bearer " + jwt);

    /// <summary>The status that the answer must have.</summary>
    public void StatusCodeShouldBe(int statusCode) => _expectedStatus = statusCode;

    /// <summary>The status that the answer must have.</summary>
    public void StatusCodeShouldBe(HttpStatusCode statusCode) => StatusCodeShouldBe((int)statusCode);

    /// <summary>Any status will do.</summary>
    public void IgnoreStatusCode() => _expectedStatus = null;

    /// <summary>The media type, with its parameters, that the answer must have.</summary>
    public void ContentTypeShouldBe(string contentType) => Header("Content-Type").SingleValueShouldEqual(contentType);

    /// <summary>Expectations of a header of the answer.</summary>
    public HeaderExpectations Header(string headerKey) => new(this, headerKey);

    internal void Expect(Func<ScenarioResult, string?> expectation) => _expectations.Add(expectation);

    internal HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(_method, RelativeUrl);
        if (_body is not null)
        {
            request.Content = new ByteArrayContent(_body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(RequestContentType!);
        }

        foreach (var setup in _setups)
        {
            setup(request);
        }

        return request;
    }

    internal void Check(ScenarioResult result)
    {
        var failures = new StringBuilder();
        var status = result.Context.Response.StatusCode;
        if (_expectedStatus is { } expected && status != expected)
        {
            failures.AppendLine($"Expected status {expected}, but it was {status}.");
        }

        foreach (var failure in _expectations.Select(expectation => expectation(result)).OfType<string>())
        {
            failures.AppendLine(failure);
        }

        if (failures.Length > 0)
        {
            throw new ScenarioAssertionException(
                $"{_method} {RelativeUrl}\n{failures}Answer: {status}\n{result.ReadAsText()}"
            );
        }
    }

    private Scenario With(HttpMethod method)
    {
        _method = method;
        return this;
    }
}
