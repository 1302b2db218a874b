namespace MarketsApi.Infrastructure.Validation;

/// <summary>Says that an endpoint validates this type.</summary>
internal sealed record ValidationMetadata(Type RequestType);
