using System.Net;
using System.Net.Sockets;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>What stops the program at its start for a reason that lies in no section of its own is told in a sentence, too.</summary>
public sealed class StartErrorTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_told_in_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output, error) = await ProgramProcess.RunAsync(
            [],
            ("DATABASE_URL", "Host=127.0.0.1;Port=1"),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")
        );

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Can't listen: ", error, StringComparison.Ordinal);
        Assert.Contains($":{port}", error, StringComparison.Ordinal);
        Assert.Contains("PORT", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at Microsoft", output + error, StringComparison.Ordinal);
    }
}
