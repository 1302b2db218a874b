namespace MarketsApi.GeneratedClients;

/// <summary>The server that check-clients.sh has started, and who calls it.</summary>
internal static class Caller
{
    /// <summary>An HTTP client with a user's token.</summary>
    public static HttpClient WithToken() => With(Variable("TOKEN"));

    /// <summary>An HTTP client with a token that the server doesn't accept.</summary>
    public static HttpClient WithBadToken() => With("bad");

    private static HttpClient With(string token)
    {
        var client = new HttpClient { BaseAddress = new Uri(Variable("MARKETS_URL")) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: see README.md.");
}
