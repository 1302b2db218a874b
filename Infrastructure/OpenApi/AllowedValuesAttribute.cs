namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Says that a text of an answer is one of a few words, for the OpenAPI document.</summary>
/// <param name="source">A class with a static list of strings named <c>All</c>, or an enum whose names are written in lower case.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedValuesAttribute(Type source) : Attribute
{
    public IReadOnlyList<string> Words =>
        source.IsEnum
            ? [.. Enum.GetNames(source).Select(name => name.ToLowerInvariant())]
            : (IReadOnlyList<string>)source.GetField("All")!.GetValue(null)!;
}
