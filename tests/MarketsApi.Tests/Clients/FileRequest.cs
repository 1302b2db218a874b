namespace MarketsApi.Tests.Clients;

/// <summary>A request of a .http file, its variables not yet filled in.</summary>
/// <param name="Place">The file and the line.</param>
/// <param name="Name">What later requests call it (<c># @name</c>), or null.</param>
/// <param name="Status">The status that the file expects (<c># → 201</c>), or null when it says nothing.</param>
/// <param name="Method">The method.</param>
/// <param name="Url">The address.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body, or null.</param>
internal sealed record FileRequest(
    string Place,
    string? Name,
    int? Status,
    string Method,
    string Url,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? Body
)
{
    /// <summary>The path, with <c>{id}</c> for what is filled in, as the OpenAPI document has it.</summary>
    public string Template =>
        System.Text.RegularExpressions.Regex.Replace(
            Url.Replace("{{host}}", "", StringComparison.Ordinal).Split('?')[0],
            @"\{\{[^}]*\}\}",
            "{id}"
        );

    /// <inheritdoc/>
    public override string ToString() => $"{Place} ({Method} {Template})";
}
