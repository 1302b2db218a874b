using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>How the types look on the wire that the framework's generator can't know: our converters, decimals, closed sets of words.</summary>
internal sealed class WireSchemas : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo.Type;
        var property = context.JsonPropertyInfo?.AttributeProvider as PropertyInfo;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>))
        {
            var inner = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, cancellationToken);
            schema.Type = inner.Type;
            schema.Format = inner.Format;
            type = type.GetGenericArguments()[0];
        }

        switch (Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type))
        {
            case TypeCode.Decimal:
                // "double" would promise less than there is.
                schema.Type = JsonSchemaType.Number;
                schema.Format = null;
                break;
            case TypeCode.Object when (Nullable.GetUnderlyingType(type) ?? type) == typeof(QueryTime):
                schema.Type = JsonSchemaType.String;
                schema.Format = "date-time";
                schema.Properties = null;
                schema.Required = null;
                schema.AdditionalPropertiesAllowed = true;
                break;
            case TypeCode.DateTime:
                schema.Type = JsonSchemaType.String;
                break;
            case TypeCode.Boolean when context.JsonPropertyInfo is { Name: "success" } success:
                schema.SetConst(JsonValue.Create(success.DeclaringType != typeof(ProblemBody)));
                break;
        }

        if (property is not null)
        {
            schema.SetNullable(IsNullable(property));
            Describe(schema, property, context.JsonPropertyInfo!);
        }
    }

    private static void Describe(OpenApiSchema schema, PropertyInfo property, JsonPropertyInfo member)
    {
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { Words: var words })
        {
            var texts = schema.Items as OpenApiSchema ?? schema;
            texts.SetWords(words);
        }

        if (property.GetCustomAttribute<UuidListAttribute>() is { Maximum: var maximum })
        {
            schema.Type = JsonSchemaType.Array;
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
            schema.MinItems = 1;
            schema.MaxItems = maximum;
        }

        // Absent instead of null.
        if (member.IsOmittedWhenNull())
        {
            schema.SetNullable(false);
        }
    }

    private static bool IsNullable(PropertyInfo property)
    {
        var nullability = new NullabilityInfoContext().Create(property);
        return nullability.Type.IsGenericType && nullability.Type.GetGenericTypeDefinition() == typeof(Optional<>)
            ? nullability.GenericTypeArguments[0].ReadState == NullabilityState.Nullable
            : nullability.ReadState == NullabilityState.Nullable;
    }
}
