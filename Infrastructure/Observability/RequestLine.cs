using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>The log line of an answered request.</summary>
/// <remarks>Most answers from memory cost little more than this line, so nearly all lines are filled into a ready form instead of written by a JSON writer.</remarks>
internal readonly ref struct RequestLine
{
    private const string Message = "Request answered";
    private const string Category = "MarketsApi.Infrastructure.Observability.RequestLog";
    private const int MostBytes = 1024;

    /// <summary>What stands in JSON as it is, and in nearly every path.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~:@!$*,;="
    );

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required int Status { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    public string? Cache { get; init; }

    public Guid? UserId { get; init; }

    private string Level => Status >= 500 ? "Error" : "Information";

    /// <summary>Hands the line over.</summary>
    public void WriteTo(LogOutput output, DateTime time)
    {
        if (Path.AsSpan().ContainsAnyExcept(Plain) || !TryFill(output, time))
        {
            Compose(output, time);
        }
    }

    private bool TryFill(LogOutput output, DateTime time)
    {
        var microseconds = (long)Elapsed.TotalMicroseconds;
        var (cache, user) = (Cache is null ? "" : ",\"cache\":\"", UserId is null ? "" : ",\"userId\":\"");
        Span<byte> line = stackalloc byte[MostBytes];
        var fits = Utf8.TryWrite(
            line,
            CultureInfo.InvariantCulture,
            $"{{\"timestamp\":\"{time:O}\",\"level\":\"{Level}\",\"message\":\"{Message}\",\"status\":{Status},\"elapsedMs\":{microseconds / 1000}.{microseconds % 1000:000},\"SourceContext\":\"{Category}\",\"traceId\":\"{TraceId}\",\"requestId\":\"{RequestId}\",\"method\":\"{Method}\",\"path\":\"{Path}\"{cache}{Cache}{(cache.Length > 0 ? "\"" : "")}{user}{UserId}{(user.Length > 0 ? "\"" : "")}}}\n",
            out var length
        );
        if (fits)
        {
            output.Append(line[..length]);
        }

        return fits;
    }

    private void Compose(LogOutput output, DateTime time)
    {
        var line = LogLine.Begin(time, Level, Message);
        line.Json.WriteNumber("status"u8, Status);
        line.Json.WriteNumber("elapsedMs"u8, Math.Round(Elapsed.TotalMilliseconds, 3));
        line.Json.WriteString("SourceContext"u8, Category);
        line.Json.WriteString("traceId"u8, TraceId);
        line.Json.WriteString("requestId"u8, RequestId);
        line.Json.WriteString("method"u8, Method);
        line.Json.WriteString("path"u8, Path);
        if (Cache is not null)
        {
            line.Json.WriteString("cache"u8, Cache);
        }

        if (UserId is { } userId)
        {
            line.Json.WriteString("userId"u8, userId);
        }

        line.EndTo(output);
    }
}
