using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Infrastructure.OpenApi;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Clients;

/// <summary>The requests for editors work as they stand.</summary>
public sealed partial class RequestFileTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly Dictionary<string, (HttpResponseMessage Response, JsonElement Body)> _responses = [];

    [Fact]
    public async Task Each_request_gets_the_status_that_its_file_says()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var known = document
            .Operations.Select(operation => operation.ToString())
            .Append("GET /openapi/v1.json")
            .ToHashSet();
        var files = RequestFile.All();
        Assert.True(files.Sum(file => file.Requests.Count) > 30, "found too few requests in requests/*.http");
        var gone = new List<FileRequest>();
        foreach (var file in files)
        {
            Assert.True(
                file.Variables.SetEquals(["host", "token"]),
                $"{file.Path}: declare @host and @token, as the others do, so that it works in an editor by itself."
            );
            _responses.Clear();
            foreach (var request in file.Requests)
            {
                if (!known.Contains($"{request.Method} {request.Template}"))
                {
                    gone.Add(request);
                    continue;
                }

                Assert.True(
                    request.Status is not null,
                    $"{request}: write the expected status above it, as in \"# → 200\"."
                );
                var (status, body) = await SendAsync(request);
                Assert.True(status == request.Status, $"{request} expects {request.Status} but got {status}:\n{body}");
            }
        }

        Assert.SkipWhen(
            gone.Count > 0,
            $"These are of no endpoint that there is; correct them or take them out: {string.Join(", ", gone)}"
        );
    }

    [Fact]
    public async Task Each_endpoint_is_in_one_of_them()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var requests = RequestFile
            .All()
            .SelectMany(file => file.Requests)
            .Select(request => $"{request.Method} {request.Template}")
            .ToHashSet();

        Assert.NotEmpty(document.Operations);
        var missing = document
            .Operations.Select(operation => operation.ToString())
            .Where(name => !requests.Contains(name));
        Assert.True(
            !missing.Any(),
            $"No .http file has {string.Join(", ", missing)}. Add a request, with the expected status above it, as in \"# → 200\", to a file in requests/ or to one in the slice's own folder (Features/<Slice>/<Slice>.http, which goes when the slice goes)."
        );
    }

    private async Task<(int Status, string Body)> SendAsync(FileRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), Fill(request, request.Url));
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Fill(request, request.Body)));
        }

        foreach (var (name, value) in request.Headers)
        {
            var filled = Fill(request, value);
            if (name == "Content-Type")
            {
                message.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(filled);
            }
            else
            {
                Assert.True(message.Headers.TryAddWithoutValidation(name, filled), $"{request}: header {name}");
            }
        }

        var response = await api.Live.Client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        if (request.Name is { } called)
        {
            _responses[called] = (response, JsonDocument.Parse(text).RootElement);
        }

        return ((int)response.StatusCode, text);
    }

    private string Fill(FileRequest request, string text) =>
        Placeholder()
            .Replace(
                text,
                match => Value(match.Groups[1].Value) ?? throw new InvalidDataException($"{request}: {match.Value}")
            );

    private string? Value(string name) =>
        name switch
        {
            "host" => api.Live.Address.ToString().TrimEnd('/'),
            "token" => api.Admin.Token,
            "$guid" => Guid.NewGuid().ToString(),
            _ when name.Split(".response.") is [var earlier, var part]
                    && _responses.TryGetValue(earlier, out var response) => part.StartsWith(
                "headers.",
                StringComparison.Ordinal
            )
                ? response.Response.Headers.GetValues(part["headers.".Length..]).Single()
                : part["body.$.".Length..]
                    .Split('.')
                    .Aggregate(response.Body, (json, member) => json.GetProperty(member))
                    .GetString(),
            _ => null,
        };

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Placeholder();
}
