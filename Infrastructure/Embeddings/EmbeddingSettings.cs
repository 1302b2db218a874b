using System.ComponentModel.DataAnnotations;
using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Who makes vectors of texts; docs/embeddings.md says what they are for.</summary>
internal sealed class EmbeddingSettings : IValidatableObject
{
    public const string LocalProvider = "local";
    public const string OnnxProvider = "onnx";
    public const string OpenAIProvider = "openai";
    public const string NoProvider = "none";

    private const string DefaultEndpoint = "https://api.openai.com/v1";
    private const string DefaultModel = "text-embedding-3-small";

    public const string Section = "Embeddings";

    /// <summary><c>onnx</c> (in this process, by meaning), <c>local</c> (in this process, by spelling), <c>openai</c> (any server that speaks its API) or <c>none</c>.</summary>
    [AllowedValues(OnnxProvider, LocalProvider, OpenAIProvider, NoProvider)]
    public string Provider { get; set; } = LocalProvider;

    /// <summary>The server's address, to which <c>/embeddings</c> is added; only for <c>openai</c>, like the rest.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The model's name.</summary>
    public string Model { get; set; } = "";

    /// <summary>The key; empty for a server that asks for none. A secret: never logged.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>How many dimensions to ask for; 0 leaves it to the model.</summary>
    [Range(0, 8_192)]
    public int Dimensions { get; set; }

    /// <summary>The longest that a job waits for one response, in seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>How long a job waits before it tries again, in milliseconds; it doubles with each of three tries.</summary>
    [Range(1, 60_000)]
    public int RetryMilliseconds { get; set; } = 1_000;

    /// <summary>The longest that a search waits for its query's vector, in milliseconds.</summary>
    [Range(10, 10_000)]
    public int QueryTimeoutMilliseconds { get; set; } = 300;

    /// <summary>The most texts in one request.</summary>
    [Range(1, 2_048)]
    public int BatchSize { get; set; } = 64;

    /// <summary>The model that these settings name; null for none.</summary>
    public EmbeddingModel? ConfiguredModel =>
        Provider switch
        {
            LocalProvider => EmbeddingModel.Local,
            OnnxProvider => EmbeddingModel.Onnx,
            OpenAIProvider => new EmbeddingModel(
                OpenAIProvider,
                Model.Length > 0 ? Model : DefaultModel,
                Dimensions > 0 ? Dimensions : null
            ),
            _ => null,
        };

    /// <summary><see cref="Endpoint"/>, or else OpenAI's own.</summary>
    public Uri EndpointAddress => new(Endpoint.Length > 0 ? Endpoint.TrimEnd('/') : DefaultEndpoint);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var ownDimensions = Provider switch
        {
            LocalProvider => LocalProjection.Dimensions,
            OnnxProvider => OnnxModel.Dimensions,
            _ => Dimensions,
        };
        if (Dimensions != 0 && Dimensions != ownDimensions)
        {
            yield return new ValidationResult(
                $"Embeddings:Dimensions can't be chosen for the {Provider} provider, which has {ownDimensions}; it is {Dimensions}."
            );
        }

        if (Provider != OpenAIProvider)
        {
            yield break;
        }

        if (
            Endpoint.Length > 0
            && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        )
        {
            yield return new ValidationResult(
                $"Embeddings:Endpoint must be an address such as {DefaultEndpoint}; it is {SettingsProblems.Quote(Endpoint)}."
            );
        }

        if (Endpoint.Length == 0 && ApiKey.Length == 0)
        {
            yield return new ValidationResult(
                "Embeddings:ApiKey is not set: give OpenAI's key, or the Embeddings:Endpoint of a server that needs no key."
            );
        }
    }
}
