using System.Numerics.Tensors;
using FastBertTokenizer;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace MarketsApi.Infrastructure.Embeddings;

/// <summary>Vectors by meaning, made in this process.</summary>
/// <remarks>A text's first line is its title, whose vector counts as much as that of the title with the beginning of the rest.</remarks>
internal sealed partial class OnnxEmbedder(string folder, EmbeddingMetrics metrics, ILogger<OnnxEmbedder> logger)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>What the model was trained to read in front of a query; texts that are found have nothing there.</summary>
    private const string QueryPrefix = "Represent this sentence for searching relevant passages: ";

    /// <summary>How many characters behind the title are read.</summary>
    private const int LongestRest = 360;

    /// <summary>As many queries at once as there are processors: more would only take each other's time.</summary>
    private readonly SemaphoreSlim _queries = new(Environment.ProcessorCount);
    private readonly ModelThreads _foreground = new("Embed queries", Environment.ProcessorCount, giveWay: false);

    /// <summary>Thousands of documents may be waiting, and requests go first.</summary>
    private readonly SemaphoreSlim _documents = new(1);
    private readonly ModelThreads _background = new("Embed documents", 1, giveWay: true);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _loading = new();
    private Task<OnnxModel>? _model;

    /// <summary>Where a build puts the model.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", "arctic-embed-xs");

    /// <summary>Whether vectors can be made without waiting for the model.</summary>
    public bool IsLoaded => _model is { IsCompletedSuccessfully: true };

    /// <summary>Loads the model, once.</summary>
    /// <exception cref="EmbeddingException">It can't be loaded.</exception>
    public Task LoadAsync()
    {
        lock (_loading)
        {
            return _model ??= _foreground.RunAsync(Load);
        }
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        await LoadAsync().WaitAsync(cancellationToken);
        var model = await _model!;
        var isQuery = options.IsQuery();
        var turns = isQuery ? _queries : _documents;
        await turns.WaitAsync(cancellationToken);
        try
        {
            _stopping.Token.ThrowIfCancellationRequested();
            return await metrics.MeasureAsync(
                EmbeddingModel.Onnx,
                () =>
                    isQuery
                        ? _foreground.RunAsync(() =>
                            Embed(values, text => model.Embed(QueryPrefix + text), cancellationToken)
                        )
                        : _background.RunAsync(() =>
                            Embed(values, text => EmbedDocument(model, text), cancellationToken)
                        )
            );
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new EmbeddingException("The embedding model failed.", exception);
        }
        finally
        {
            turns.Release();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Gives the model's memory back, once nothing reads it any more: each reader ends with the text at hand.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _foreground.Dispose();
        _background.Dispose();
        if (IsLoaded)
        {
            _model!.Result.Dispose();
        }
    }

    private GeneratedEmbeddings<Embedding<float>> Embed(
        IEnumerable<string> texts,
        Func<string, float[]> embed,
        CancellationToken cancellationToken
    )
    {
        var vectors = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _stopping.Token.ThrowIfCancellationRequested();
            vectors.Add(new Embedding<float>(embed(text)));
        }

        return vectors;
    }

    private static float[] EmbedDocument(OnnxModel model, string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0)
        {
            return model.Embed(text);
        }

        var cut = Math.Min(text.Length, end + 1 + LongestRest);
        if (cut < text.Length && char.IsHighSurrogate(text[cut - 1]))
        {
            cut--;
        }

        var vector = model.Embed(text[..end]);
        TensorPrimitives.Add(vector, model.Embed(text[..cut]), vector);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private OnnxModel Load()
    {
        try
        {
            var model = new OnnxModel(folder);
            // The first text takes longest.
            model.Embed("");
            LogLoaded();
            return model;
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            throw new EmbeddingException("The embedding model can't be loaded.", exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The embedding model is loaded")]
    private partial void LogLoaded();

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedding model can't be loaded; searches use words only")]
    private partial void LogFailed(Exception exception);
}

/// <summary>The embedding model in this process: models/README.md says which, and how it is made.</summary>
/// <remarks>One text at a time on the caller's thread: with 8-bit weights batches are no faster, and keep their memory.</remarks>
internal sealed class OnnxModel : IDisposable
{
    /// <summary>How many dimensions a vector has.</summary>
    public const int Dimensions = 384;

    /// <summary>More would add little to short texts, and cost more than in proportion.</summary>
    private const int MaxTokens = 128;

    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] Outputs = ["last_hidden_state"];

    private readonly BertTokenizer _tokenizer = new();
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    /// <summary>Loads the model from a folder: some 0.2 s.</summary>
    public OnnxModel(string folder)
    {
        using var vocabulary = File.OpenText(Path.Combine(folder, "vocab.txt"));
        _tokenizer.LoadVocabulary(vocabulary, convertInputToLowercase: true);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            // Memory goes back after each text instead of staying at the longest one's need.
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            // Errors are exceptions; the runtime would write a line of its own form for each one, past the log.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(Path.Combine(folder, "model.onnx"), options);
    }

    /// <summary>The vector of a text, of length 1: what the model says of its first token, which stands for the whole.</summary>
    /// <remarks>Any number of threads may call it at once.</remarks>
    public float[] Embed(string text)
    {
        var tokens = new long[3 * MaxTokens];
        var memory = tokens.AsMemory();
        var (ids, mask, types) = (memory[..MaxTokens], memory[MaxTokens..(2 * MaxTokens)], memory[(2 * MaxTokens)..]);
        var count = _tokenizer.Encode(text, ids.Span, mask.Span, types.Span);
        using var idsValue = ValueOf(ids[..count]);
        using var maskValue = ValueOf(mask[..count]);
        using var typesValue = ValueOf(types[..count]);
        using var outputs = _session.Run(_run, Inputs, [idsValue, maskValue, typesValue], Outputs);
        var hidden = outputs[0].GetTensorDataAsSpan<float>();
        var vector = hidden[..Dimensions].ToArray();
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static OrtValue ValueOf(Memory<long> tokens) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tokens, [1, tokens.Length]);
}
