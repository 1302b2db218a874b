namespace MarketsApi.Infrastructure.Validation;

/// <summary>What the OpenAPI document shows of a <see cref="OneOfValidator{T}"/>.</summary>
internal interface IOneOfValidator
{
    /// <summary>The words that pass.</summary>
    IReadOnlyList<string> Words { get; }
}
