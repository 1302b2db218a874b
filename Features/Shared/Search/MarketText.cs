namespace MarketsApi.Features.Shared.Search;

/// <summary>What a market's vector is made from.</summary>
internal sealed record MarketText
{
    /// <summary>More tells a model nothing new, and many read no further.</summary>
    private const int LongestDescription = 2_000;

    /// <summary>The market.</summary>
    public Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its description.</summary>
    public string Description { get; init; } = "";

    /// <summary>The database's hash of both.</summary>
    public long TextHash { get; init; }

    /// <summary>One text: the name first, which embedders weigh most, on a line of its own.</summary>
    public string Text => TextOf(Name, Description);

    /// <summary>The same, of a name and a description.</summary>
    public static string TextOf(string name, string description)
    {
        if (description.Length == 0)
        {
            return name;
        }

        var end = Math.Min(description.Length, LongestDescription);
        return string.Concat(
            name,
            "\n",
            description.AsSpan(0, char.IsHighSurrogate(description[end - 1]) ? end - 1 : end)
        );
    }
}
