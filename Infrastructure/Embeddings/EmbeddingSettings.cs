using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Who makes vectors of texts; docs/embeddings.md says what they are for.</summary>
internal sealed class EmbeddingSettings : ISettings
{
    public const string LocalProvider = "local";
    public const string OnnxProvider = "onnx";
    public const string OpenAIProvider = "openai";
    public const string NoProvider = "none";

    private const string DefaultEndpoint = "https://api.openai.com/v1";
    private const string DefaultModel = "text-embedding-3-small";

    public static string Section => "Embeddings";

    /// <summary><c>onnx</c> (in this process, by meaning), <c>local</c> (in this process, by spelling), <c>openai</c> (any server that speaks its API) or <c>none</c>.</summary>
    public string Provider { get; set; } = LocalProvider;

    /// <summary>The server's address, to which <c>/embeddings</c> is added; only for <c>openai</c>, like the rest.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The model's name.</summary>
    public string Model { get; set; } = "";

    /// <summary>The key; empty for a server that asks for none. A secret: never logged.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>How many dimensions to ask for; 0 leaves it to the model.</summary>
    public int Dimensions { get; set; }

    /// <summary>The longest that a job waits for one answer, in seconds.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>How long a job waits before it tries again, in milliseconds; it doubles with each of three tries.</summary>
    public int RetryMilliseconds { get; set; } = 1_000;

    /// <summary>The longest that a search waits for its query's vector, in milliseconds.</summary>
    public int QueryTimeoutMilliseconds { get; set; } = 300;

    /// <summary>The most texts in one request.</summary>
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

    public IEnumerable<string> Faults(IHostEnvironment environment)
    {
        if (Provider is not (LocalProvider or OnnxProvider or OpenAIProvider or NoProvider))
        {
            yield return $"Embeddings:Provider must be onnx, local, openai or none; it is '{Provider}'.";
        }

        if (Provider == OpenAIProvider)
        {
            if (
                Endpoint.Length > 0
                && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            )
            {
                yield return $"Embeddings:Endpoint must be an address such as {DefaultEndpoint}; it is '{Endpoint}'.";
            }

            if (Endpoint.Length == 0 && ApiKey.Length == 0)
            {
                yield return "Embeddings:ApiKey is not set: give OpenAI's key, or the Embeddings:Endpoint of a server that asks for none.";
            }

            if (Dimensions is < 0 or > 8192)
            {
                yield return $"Embeddings:Dimensions must be from 0 (the model's own) to 8192; it is {Dimensions}.";
            }
        }
        else if (Provider == LocalProvider && Dimensions is not (0 or LocalProjection.Dimensions))
        {
            yield return $"Embeddings:Dimensions can't be chosen for the local provider, which has {LocalProjection.Dimensions}; it is {Dimensions}.";
        }
        else if (Provider == OnnxProvider && Dimensions is not (0 or OnnxModel.Dimensions))
        {
            yield return $"Embeddings:Dimensions can't be chosen for the onnx provider, which has {OnnxModel.Dimensions}; it is {Dimensions}.";
        }

        if (TimeoutSeconds is < 1 or > 300)
        {
            yield return $"Embeddings:TimeoutSeconds must be from 1 to 300; it is {TimeoutSeconds}.";
        }

        if (RetryMilliseconds is < 1 or > 60_000)
        {
            yield return $"Embeddings:RetryMilliseconds must be from 1 to 60000; it is {RetryMilliseconds}.";
        }

        if (QueryTimeoutMilliseconds is < 10 or > 10_000)
        {
            yield return $"Embeddings:QueryTimeoutMilliseconds must be from 10 to 10000; it is {QueryTimeoutMilliseconds}.";
        }

        if (BatchSize is < 1 or > 2048)
        {
            yield return $"Embeddings:BatchSize must be from 1 to 2048; it is {BatchSize}.";
        }
    }
}
