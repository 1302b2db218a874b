namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Describes a tag of the OpenAPI document; stands beside whatever the tag is about.</summary>
/// <param name="name">The tag, as <c>WithTags</c> has it.</param>
/// <param name="description">A sentence on what belongs to it.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class ApiTagAttribute(string name, string description) : Attribute
{
    public string Name => name;

    public string Description => description;
}
