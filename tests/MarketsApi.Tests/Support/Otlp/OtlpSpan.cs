namespace MarketsApi.Tests.Support.Otlp;

/// <summary>A span as it arrived.</summary>
public sealed record OtlpSpan(
    string Scope,
    string Name,
    int Kind,
    string TraceId,
    string Id,
    string ParentId,
    int Status,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Links
)
{
    /// <summary>The kind of a server's span.</summary>
    public const int Server = 2;

    /// <summary>The kind of what asks.</summary>
    public const int Client = 3;

    /// <summary>The kind of what takes from a queue.</summary>
    public const int Consumer = 5;

    /// <summary>The status of what went wrong.</summary>
    public const int Error = 2;

    /// <summary>An attribute, or null.</summary>
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>Those of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<OtlpSpan> Read(ProtobufMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new OtlpSpan(
            scope.Message(1).Text(1),
            span.Text(5),
            (int)span.Number(6),
            span.Hex(1),
            span.Hex(2),
            span.Hex(4),
            (int)span.Message(15).Number(3),
            span.Attributes(9),
            [.. span.Messages(13).Select(link => link.Hex(2))]
        );
}
