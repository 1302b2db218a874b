using System.Diagnostics;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>The trace that the present work belongs to, for what it leaves to be done later.</summary>
public static class TraceParent
{
    /// <summary>Its context as W3C Trace Context writes it (<c>traceparent</c>, 55 characters); null when this trace is not recorded.</summary>
    public static string? Current => Activity.Current is { Recorded: true } activity ? activity.Id : null;

    /// <summary>Reads a context; null when the text is not a valid one.</summary>
    internal static ActivityContext Parse(string? text) =>
        ActivityContext.TryParse(text, null, isRemote: true, out var context) ? context : default;
}
