using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using FluentValidation.Internal;
using FluentValidation.Validators;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>Shows the validators' rules as constraints of the schema.</summary>
internal sealed class RequestSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.JsonPropertyInfo is { } member)
        {
            var rulesOfOwner = RequestRules.Of(member.DeclaringType, context.ApplicationServices);
            foreach (var validator in rulesOfOwner?.Of(RequestRules.NameOf(member)) ?? [])
            {
                Constrain(schema, validator);
            }
        }

        // A member may be of a request's type itself.
        if (RequestRules.Of(context.JsonTypeInfo.Type, context.ApplicationServices) is { } rules)
        {
            schema.Required = context
                .JsonTypeInfo.Properties.Where(rules.IsRequired)
                .Select(property => property.Name)
                .ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }

    private static void Constrain(OpenApiSchema schema, IPropertyValidator validator)
    {
        switch (validator)
        {
            case INotNullValidator:
                schema.SetNullable(false);
                break;
            case INotEmptyValidator:
                schema.SetNullable(false);
                schema.MinLength = 1;
                break;
            case ITextValidator text:
                schema.MinLength = text.Minimum > 0 ? text.Minimum : null;
                schema.MaxLength = text.Maximum;
                break;
            case ILengthValidator length:
                schema.MinLength = length.Min > 0 ? length.Min : null;
                schema.MaxLength = length.Max > 0 ? length.Max : null;
                break;
            case IOneOfValidator oneOf:
                schema.SetWords(oneOf.Words);
                break;
            case IRegularExpressionValidator regex:
                schema.Pattern = regex.Expression;
                break;
            case IBetweenValidator { Name: "InclusiveBetweenValidator" } range:
                schema.Minimum = Text(range.From);
                schema.Maximum = Text(range.To);
                break;
            case IComparisonValidator { ValueToCompare: { } bound } comparison:
                Compare(schema, comparison.Comparison, Text(bound));
                break;
        }
    }

    private static void Compare(OpenApiSchema schema, Comparison comparison, string? bound)
    {
        switch (comparison)
        {
            case Comparison.GreaterThanOrEqual:
                schema.Minimum = bound;
                break;
            case Comparison.GreaterThan:
                schema.ExclusiveMinimum = bound;
                break;
            case Comparison.LessThanOrEqual:
                schema.Maximum = bound;
                break;
            case Comparison.LessThan:
                schema.ExclusiveMaximum = bound;
                break;
        }
    }

    private static string? Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture);
}

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

    /// <summary>Null for a type without a validator, which is not a request.</summary>
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

/// <summary>A body that may be left out is not a body that may be null, which is how the framework describes it.</summary>
internal sealed class OptionalBodies : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var media in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
        {
            media.Schema = media.Schema?.OneOf?.OfType<OpenApiSchemaReference>().SingleOrDefault() ?? media.Schema;
        }

        return Task.CompletedTask;
    }
}
