using System.Text;
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
    public void TakeFrom(IWebHostBuilder builder) => Redirect(builder, _stream);

    /// <summary>Has the host log to nowhere.</summary>
    public static void Drop(IWebHostBuilder builder) => Redirect(builder, Stream.Null);

    /// <summary>All of them; ask once the host has been disposed, since a request's own line comes after its response.</summary>
    public IReadOnlyList<JsonElement> All =>
        [
            .. Encoding
                .UTF8.GetString(_stream.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static void Redirect(IWebHostBuilder builder, Stream stream) =>
        builder.ConfigureTestServices(services => services.AddSingleton(_ => new LogOutput(stream)));
}
