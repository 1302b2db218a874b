namespace MarketsApi.Infrastructure.Errors;

/// <summary>A kind of refusal, stable enough for clients to branch on (the problem type of RFC 9457).</summary>
public sealed class Problem(int status, string name, string title, string? type = null)
{
    /// <summary>The HTTP status that always goes with this kind.</summary>
    public int Status { get; } = status;

    /// <summary>The last part of <see cref="Type"/>, in kebab case.</summary>
    public string Name { get; } = name;

    /// <summary>One sentence for people; the same for every occurrence.</summary>
    public string Title { get; } = title;

    /// <summary>The stable URI of the kind: a registered one, or a URN of ours, since no address of ours is promised to answer for ever.</summary>
    public string Type { get; } = type ?? "urn:marketsapi:problem:" + name;
}
