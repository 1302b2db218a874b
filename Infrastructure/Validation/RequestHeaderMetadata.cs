namespace MarketsApi.Infrastructure.Validation;

/// <summary>A request header that an endpoint understands without its handler's taking it.</summary>
/// <param name="Name">The header.</param>
/// <param name="IsValid">Whether its values, when there are some, are well-formed; others are a 400.</param>
internal sealed record RequestHeaderMetadata(string Name, Func<HttpContext, bool> IsValid);
