using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>The log line of an answered request.</summary>
/// <remarks>Most answers from memory cost little more than this line, so nearly all lines are put together from ready pieces instead of by a JSON writer.</remarks>
internal ref struct AccessLogLine
{
    private const string Message = "Request answered";
    private const int MostBytes = 1024;

    /// <summary>What everything but method, path and ids takes at most.</summary>
    private const int BytesOfForm = 384;

    /// <summary>What stands in JSON as it is, and in nearly every path.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~:@!$*,;="
    );

    [ThreadStatic]
    private static byte[]? _ofThread;

    private Span<byte> _rest;

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required int Status { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    public IPAddress? Client { get; init; }

    public string? Cache { get; init; }

    public Guid? UserId { get; init; }

    /// <summary>Hands the line over.</summary>
    public void WriteTo(LogOutput output, DateTime time)
    {
        var isPlain =
            Method.Length + Path.Length + RequestId.Length + TraceId.Length <= MostBytes - BytesOfForm
            && !Path.AsSpan().ContainsAnyExcept(Plain);
        if (isPlain)
        {
            output.Append(Fill(_ofThread ??= new byte[MostBytes], time));
        }
        else
        {
            Compose(output, time);
        }
    }

    private ReadOnlySpan<byte> Fill(byte[] line, DateTime time)
    {
        _rest = line;
        Put("{\"timestamp\":\""u8);
        Utf8Formatter.TryFormat(time, _rest, out var written, 'O');
        _rest = _rest[written..];
        Put(Status >= 500 ? "\",\"level\":\"Error"u8 : "\",\"level\":\"Information"u8);
        Put("\",\"message\":\"Request answered\",\"status\":"u8);
        Put(Status);
        Put(",\"elapsedMs\":"u8);
        var microseconds = (long)Elapsed.TotalMicroseconds;
        Put(microseconds / 1000);
        Put("."u8);
        Put(microseconds % 1000, new StandardFormat('D', 3));
        Put(",\"traceId\":\""u8);
        Put(TraceId);
        Put("\",\"requestId\":\""u8);
        Put(RequestId);
        Put("\",\"method\":\""u8);
        Put(Method);
        Put("\",\"path\":\""u8);
        Put(Path);
        if (Client is not null)
        {
            Put("\",\"client\":\""u8);
            Client.TryFormat(_rest, out written);
            _rest = _rest[written..];
        }

        if (Cache is not null)
        {
            Put("\",\"cache\":\""u8);
            Put(Cache);
        }

        if (UserId is { } userId)
        {
            Put("\",\"userId\":\""u8);
            Utf8Formatter.TryFormat(userId, _rest, out written);
            _rest = _rest[written..];
        }

        Put("\"}\n"u8);
        return line.AsSpan(..^_rest.Length);
    }

    private void Put(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_rest);
        _rest = _rest[piece.Length..];
    }

    private void Put(string ascii)
    {
        Ascii.FromUtf16(ascii, _rest, out var written);
        _rest = _rest[written..];
    }

    private void Put(long number, StandardFormat format = default)
    {
        Utf8Formatter.TryFormat(number, _rest, out var written, format);
        _rest = _rest[written..];
    }

    private readonly void Compose(LogOutput output, DateTime time)
    {
        var line = LogLine.Begin(time, Status >= 500 ? "Error" : "Information", Message);
        line.Json.WriteNumber("status"u8, Status);
        line.Json.WriteNumber("elapsedMs"u8, Math.Round(Elapsed.TotalMilliseconds, 3));
        line.Json.WriteString("traceId"u8, TraceId);
        line.Json.WriteString("requestId"u8, RequestId);
        line.Json.WriteString("method"u8, Method);
        line.Json.WriteString("path"u8, Path);
        if (Client is not null)
        {
            line.Json.WriteString("client"u8, Client.ToString());
        }

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
