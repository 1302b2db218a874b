using System.Text.Json;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>What later requests may name: resources, their entity tags, cursors, and requests with a key.</summary>
internal sealed class FuzzState(IReadOnlyList<User> users, IReadOnlyList<string> markets, IReadOnlyList<string> jobs)
{
    private const int MostMarkets = 60;

    private readonly List<string> _markets = [.. markets];
    private readonly Dictionary<string, string> _tags = [];
    private readonly Dictionary<string, string> _cursors = [];

    /// <summary>Those with a token.</summary>
    public IReadOnlyList<User> Users => users;

    /// <summary>Jobs, failed ones among them.</summary>
    public IReadOnlyList<string> Jobs => jobs;

    /// <summary>Markets of all users, and some that have been deleted since.</summary>
    public IReadOnlyList<string> Markets => _markets;

    /// <summary>The last request with an Idempotency-Key, for sending it again.</summary>
    public FuzzRequest? LastKeyed { get; private set; }

    /// <summary>The newest entity tag of a path, if there is one.</summary>
    public string? TagOf(string path) => _tags.GetValueOrDefault(path);

    /// <summary>A cursor of an operation's last page, if there is one.</summary>
    public string? CursorOf(ApiOperation operation) => _cursors.GetValueOrDefault(operation.ToString());

    /// <summary>Learns from a response.</summary>
    public void Learn(FuzzRequest request, HttpResponseMessage response, string body)
    {
        var path = request.Target.Split('?')[0];
        if (response.Headers.ETag is { } tag)
        {
            _tags[path] = tag.ToString();
        }

        if (request.Headers.Any(header => header.Name == "Idempotency-Key"))
        {
            LastKeyed = request;
        }

        if (!response.IsSuccessStatusCode || body.Length == 0)
        {
            return;
        }

        var root = JsonDocument.Parse(body).RootElement;
        if (root.TryGetProperty("meta", out var meta) && meta.TryGetProperty("nextCursor", out var cursor))
        {
            _cursors[request.Operation.ToString()] = cursor.GetString() ?? "";
        }

        if (request is { Method: "POST", Operation.Path: "/api/markets" } && _markets.Count < MostMarkets)
        {
            _markets.Add(root.GetProperty("data").Text("id")!);
        }
    }
}
