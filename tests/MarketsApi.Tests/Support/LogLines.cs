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
    private readonly Lines _stream = new();
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
                .. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonDocument.Parse(line).RootElement),
            ];
        }
    }

    /// <summary>What has been written so far.</summary>
    public string Text => Encoding.UTF8.GetString(_stream.ToArray());

    /// <summary>Has the host log to here.</summary>
    public void TakeFrom(IWebHostBuilder builder) =>
        builder.ConfigureTestServices(services => services.AddSingleton(_output));

    /// <summary>Has the host log to nowhere.</summary>
    public static void Drop(IWebHostBuilder builder) =>
        builder.ConfigureTestServices(services => services.AddSingleton(_ => new LogOutput(Stream.Null)));

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();

    /// <summary>Can be read while it is written.</summary>
    private sealed class Lines : MemoryStream
    {
        private readonly Lock _lock = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
            {
                base.Write(buffer);
            }
        }

        public override byte[] ToArray()
        {
            lock (_lock)
            {
                return base.ToArray();
            }
        }
    }
}
