using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MarketsApi.Infrastructure.Http.Json;

/// <summary>How JSON is read and written on the wire: strictly in, plainly out.</summary>
public static class JsonSettings
{
    /// <summary>The options of every request and response body.</summary>
    public static readonly JsonSerializerOptions Wire = Create();

    /// <summary>Makes the framework's own binding and results use the same rules.</summary>
    internal static void AddJson(this WebApplicationBuilder builder) =>
        builder.Services.ConfigureHttpJsonOptions(options => Apply(options.SerializerOptions));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        Apply(options);
        options.MakeReadOnly();
        return options;
    }

    private static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;
        // Accents and quotes stay as they are: the response is JSON in UTF-8, never embedded in HTML.
        options.Encoder = new Utf8JsonEncoder();
        options.Converters.Add(new Rfc3339JsonConverter());
    }
}
