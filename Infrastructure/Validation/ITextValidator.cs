namespace MarketsApi.Infrastructure.Validation;

/// <summary>What the OpenAPI document shows of a <see cref="TextValidator{T}"/>.</summary>
internal interface ITextValidator
{
    /// <summary>The least number of code points.</summary>
    int Minimum { get; }

    /// <summary>The greatest number of code points.</summary>
    int Maximum { get; }
}
