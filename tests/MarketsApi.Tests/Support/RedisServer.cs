using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace MarketsApi.Tests.Support;

/// <summary>A Redis of the test's own, to be frozen, killed, restarted and flushed.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-");
    private Process? _process;

    private RedisServer() { }

    /// <summary>Where it listens, on the loopback address.</summary>
    public int Port { get; } = FreePorts.Next();

    /// <summary>Starts one that is empty and stores nothing on disk, except by <see cref="SaveAsync"/>; skips the test without redis-server.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        try
        {
            await server.RestartAsync();
        }
        catch (Win32Exception)
        {
            Assert.Skip("redis-server is not installed.");
        }

        return server;
    }

    /// <summary>Freezes it (SIGSTOP): its connections stay open, and it doesn't respond.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>Ends <see cref="FreezeAsync"/>; it then runs the commands that were sent meanwhile.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>Ends it at once, as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again at the same address, with what was saved last, or with nothing.</summary>
    public async Task RestartAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "--port",
            Port.ToString(CultureInfo.InvariantCulture),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            _folder.FullName,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        var started = Stopwatch.GetTimestamp();
        while (!await RespondsAsync())
        {
            Assert.False(_process.HasExited, "redis-server doesn't start");
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "redis-server doesn't respond");
            await Task.Delay(5);
        }
    }

    /// <summary>Forgets everything.</summary>
    public async Task FlushAsync() => Assert.Equal("+OK", await RunAsync("FLUSHALL"));

    /// <summary>Writes down what it holds, for the next start.</summary>
    public async Task SaveAsync() => Assert.Equal("+OK", await RunAsync("SAVE"));

    /// <summary>Runs a command without blanks in its arguments, and returns the first line of the output.</summary>
    public async Task<string?> RunAsync(string command)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync();
    }

    /// <summary>How many connections others have to it.</summary>
    public async Task<int> CountConnectionsAsync() =>
        int.Parse(await InfoAsync("clients", "connected_clients:") ?? "", CultureInfo.InvariantCulture) - 1;

    /// <summary>How often a command has been called since it started.</summary>
    public async Task<int> CountCallsAsync(string command) =>
        await InfoAsync("commandstats", $"cmdstat_{command}:calls=") is { } calls
            ? int.Parse(calls.Split(',')[0], CultureInfo.InvariantCulture)
            : 0;

    private async Task<string?> InfoAsync(string section, string name)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"INFO {section}\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[name.Length..];
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                await KillAsync();
            }

            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<bool> RespondsAsync()
    {
        try
        {
            return await RunAsync("PING") == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
