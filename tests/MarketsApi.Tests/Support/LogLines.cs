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
    private readonly LogOutput _output;

    /// <summary>None so far.</summary>
    public LogLines() => _output = new LogOutput(_stream);

    /// <summary>All of them; ask once the host has been stopped, since a request's own line comes after its response.</summary>
    public IReadOnlyList<JsonElement> All
    {
        get
        {
            _output.Flush();
            return
            [
                .. Encoding
                    .UTF8.GetString(_stream.ToArray())
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonDocument.Parse(line).RootElement),
            ];
        }
    }

    /// <summary>Has the host log to here.</summary>
    public void TakeFrom(IWebHostBuilder builder) =>
        builder.ConfigureTestServices(services => services.AddSingleton(_output));

    /// <summary>Has the host log to nowhere.</summary>
    public static void Drop(IWebHostBuilder builder) =>
        builder.ConfigureTestServices(services => services.AddSingleton(_ => new LogOutput(Stream.Null)));

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();
}
