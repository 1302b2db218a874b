using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace MarketsApi.Infrastructure.OpenApi;

/// <summary>The names of the document's schemas: what things are called on the wire rather than in the code.</summary>
internal static class SchemaNames
{
    /// <summary>The schema of every failure.</summary>
    public const string Problem = "Problem";

    /// <summary>Null for types that are written out in place.</summary>
    public static string? Of(JsonTypeInfo type) =>
        type.Kind == JsonTypeInfoKind.Object && !IsText(type.Type) && !IsGeneric(type.Type, typeof(Optional<>))
            ? Name(type.Type)
        : type.Kind == JsonTypeInfoKind.Object || IsGeneric(type.Type, typeof(Optional<>)) ? null
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    private static string Name(Type type) =>
        IsGeneric(type, typeof(Envelope<>)) ? Enveloped(type.GetGenericArguments()[0])
        : IsGeneric(type, typeof(Page<>)) ? Cut(Name(type.GetGenericArguments()[0]), "Item") + "Page"
        : IsGeneric(type, typeof(IReadOnlyList<>)) ? Cut(Name(type.GetGenericArguments()[0]), "Item") + "List"
        : type == typeof(ProblemBody) ? Problem
        : type.Name.StartsWith("Get", StringComparison.Ordinal) ? Cut(type.Name[3..], "Response")
        : Cut(type.Name, "Body");

    /// <summary>A list is its own envelope's name; anything else says that it is one.</summary>
    private static string Enveloped(Type data) =>
        IsGeneric(data, typeof(IReadOnlyList<>)) ? Name(data) : Name(data) + "Envelope";

    /// <summary>A type that is read from a text.</summary>
    private static bool IsText(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type)
            .GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Any(method => method.Name == "TryParse");

    private static bool IsGeneric(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static string Cut(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
