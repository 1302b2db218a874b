using System.Text.Json.Serialization.Metadata;
using FluentValidation.Internal;
using FluentValidation.Validators;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The FluentValidation rules of a request type, by member.</summary>
/// <remarks>A rule under a condition counts as one for when the member is there: a schema can't say more.</remarks>
internal sealed class RequestRules
{
    private const string RequiredCode = "Required";

    private readonly ILookup<string, IRuleComponent> _byMember;

    private RequestRules(IValidator validator) =>
        _byMember = validator
            .CreateDescriptor()
            .Rules.SelectMany(rule => rule.Components.Select(component => (rule.PropertyName, component)))
            .ToLookup(pair => pair.PropertyName, pair => pair.component, StringComparer.Ordinal);

    /// <summary>Null for a type that has no validator, which is then no request.</summary>
    public static RequestRules? Of(Type type, IServiceProvider services) =>
        services.GetService(typeof(IValidator<>).MakeGenericType(type)) is IValidator validator
            ? new RequestRules(validator)
            : null;

    /// <summary>The validators of a member.</summary>
    public IEnumerable<IPropertyValidator> Of(string member) => _byMember[member].Select(rule => rule.Validator);

    /// <summary>Whether the member has to be there.</summary>
    public bool IsRequired(JsonPropertyInfo member) =>
        _byMember[NameOf(member)].Any(rule => rule.ErrorCode == RequiredCode && !rule.HasCondition);

    /// <summary>The member's name in the code, by which the rules go.</summary>
    public static string NameOf(JsonPropertyInfo member) =>
        (member.AttributeProvider as System.Reflection.MemberInfo)?.Name ?? member.Name;
}
