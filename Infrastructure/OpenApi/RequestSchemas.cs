using System.Globalization;
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
