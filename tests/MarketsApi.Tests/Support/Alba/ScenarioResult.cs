using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Alba;

internal sealed class ScenarioResult : IScenarioResult
{
    private readonly byte[] _body;

    private ScenarioResult(HttpContext context, byte[] body)
    {
        Context = context;
        _body = body;
    }

    public HttpContext Context { get; }

    public static async Task<ScenarioResult> ReadAsync(HttpResponseMessage answer)
    {
        var context = new DefaultHttpContext();
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            context.Response.Headers[name] = new StringValues([.. values]);
        }

        return new ScenarioResult(context, await answer.Content.ReadAsByteArrayAsync());
    }

    public string ReadAsText() => Encoding.UTF8.GetString(_body);

    public T ReadAsJson<T>() => JsonSerializer.Deserialize<T>(_body, JsonSerializerOptions.Web)!;
}
