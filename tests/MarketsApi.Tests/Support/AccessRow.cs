namespace MarketsApi.Tests.Support;

/// <summary>Who may use an endpoint: the status for each of <see cref="Roles"/>, in their order.</summary>
/// <param name="Endpoint">Method and route, as it is mapped.</param>
/// <param name="Own">On what is the caller's own; of an endpoint without an owner, on anything.</param>
/// <param name="Foreign">On another user's market, where that differs.</param>
/// <param name="IsDraft">Whether the market is a draft, which exists only for its creator, moderators and admins.</param>
/// <param name="Query">The query string, with its question mark.</param>
/// <param name="Body">The body, sent as JSON.</param>
public sealed record AccessRow(
    string Endpoint,
    int[] Own,
    int[]? Foreign = null,
    bool IsDraft = false,
    string Query = "",
    object? Body = null
)
{
    /// <summary>A caller without a token.</summary>
    public const string Anonymous = "(no token)";

    /// <summary>A role that the program doesn't know: they are case-sensitive.</summary>
    public const string Unknown = "User";

    /// <summary>Who asks.</summary>
    public static readonly IReadOnlyList<string> Roles = [Anonymous, Unknown, "user", "moderator", "admin"];
}
