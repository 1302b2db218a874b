using System.Text.Json;
using MarketsApi.Infrastructure.Observability;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace MarketsApi.Tests.Support;

/// <summary>What a host in the tests' own process logs, line by line.</summary>
public sealed class LogLines : IDisposable
{
    private readonly MemoryStream _stream = new();

    /// <summary>Has the host log to here.</summary>
    public void TakeFrom(IWebHostBuilder builder) => Redirect(builder, Stream.Synchronized(_stream));

    /// <summary>Has the host log to nowhere.</summary>
    public static void Drop(IWebHostBuilder builder) => Redirect(builder, Stream.Null);

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<JsonElement> ReadFrom(LiveServer server)
    {
        server.Services.GetRequiredService<LogOutput>().Flush();
        return
        [
            .. System
                .Text.Encoding.UTF8.GetString(_stream.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static void Redirect(IWebHostBuilder builder, Stream stream) =>
        builder.ConfigureTestServices(services => services.AddSingleton(_ => new LogOutput(stream)));
}
