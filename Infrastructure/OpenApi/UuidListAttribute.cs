namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Says that a text of the query string is a list of UUIDs, comma separated, for the OpenAPI document.</summary>
/// <param name="maximum">How many there can be.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UuidListAttribute(int maximum) : Attribute
{
    public int Maximum => maximum;
}
