namespace MarketsApi.Infrastructure.Auth;

/// <summary>What an endpoint needs when an option of it is asked for.</summary>
/// <param name="QueryParameter">The option: a query parameter whose value is <c>true</c>.</param>
/// <param name="Permission">The permission that it takes.</param>
internal sealed record OptionRequirement(string QueryParameter, Permission Permission)
{
    /// <summary>Whether this request asks for it.</summary>
    public bool IsAskedFor(HttpRequest request) =>
        request.QueryString.HasValue && request.Query[QueryParameter].Contains("true");
}
