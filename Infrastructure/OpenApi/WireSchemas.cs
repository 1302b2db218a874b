using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>How the types look on the wire that the framework's generator can't know: our converters, decimals, closed sets of words.</summary>
internal sealed class WireSchemas : IOpenApiSchemaTransformer
{
    private const decimal Cent = 0.01m;

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
                // A generated client would make it a double, which loses cents.
                schema.Type = JsonSchemaType.Number;
                schema.Format = "decimal";
                schema.MultipleOf = property?.IsDefined(typeof(RatioAttribute)) == true ? null : Cent;
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

/// <summary>What can be relied on in responses: each member is always there, and more may come with time.</summary>
internal sealed class ResponseSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo;
        if (
            type.Kind == JsonTypeInfoKind.Object
            && schema.Properties?.Count > 0
            && RequestRules.Of(type.Type, context.ApplicationServices) is null
        )
        {
            schema.AdditionalPropertiesAllowed = true;
            schema.Required = type
                .Properties.Where(member => schema.Properties.ContainsKey(member.Name) && !member.IsOmittedWhenNull())
                .Select(member => member.Name)
                .ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Declares that a text of a response is one of a few words, for the OpenAPI document.</summary>
/// <param name="source">A class with a static list of strings named <c>All</c>, or an enum whose names are written in lower case.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedValuesAttribute(Type source) : Attribute
{
    public IReadOnlyList<string> Words =>
        source.IsEnum
            ? [.. Enum.GetNames(source).Select(name => name.ToLowerInvariant())]
            : (IReadOnlyList<string>)source.GetField("All")!.GetValue(null)!;
}

/// <summary>Declares that a text of the query string is a list of UUIDs, comma separated, for the OpenAPI document.</summary>
/// <param name="maximum">How many there can be.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UuidListAttribute(int maximum) : Attribute
{
    public int Maximum => maximum;
}

/// <summary>Declares that a number is a ratio and not an amount of money: it isn't a multiple of a cent.</summary>
/// <remarks>Nor does the document say which decimals it has: validators divide by 0.0001 in floating point, and find a remainder.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RatioAttribute : Attribute;
