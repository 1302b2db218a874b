using System.Numerics.Tensors;
using FastBertTokenizer;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace MarketsApi.Infrastructure.Embeddings;

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
