using System.Diagnostics;
using System.Text;

namespace MarketsApi.Tests.Support;

/// <summary>The program as its operator sees it: a process with an environment, two streams and an exit code.</summary>
public sealed class ProgramProcess : IInstance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT", "TMPDIR", "LD_LIBRARY_PATH"];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ProgramProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Client = new HttpClient { BaseAddress = address };
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <inheritdoc/>
    public Uri Address { get; }

    /// <inheritdoc/>
    public HttpClient Client { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <inheritdoc/>
    public bool IsRunning => !_process.HasExited;

    /// <summary>What it has written to standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it has written to standard error so far.</summary>
    public string Error => Read(_error);

    /// <inheritdoc/>
    public string Everything => Output + Error;

    /// <summary>The processor time that it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it so that it also finds the tests' own assembly, whose hosting startup adds kinds of job.</summary>
    public static ProgramProcess StartWithTestJobs(params (string Name, string? Value)[] environment) =>
        Start(
            [
                "exec",
                "--depsfile",
                Beside("MarketsApi.Tests.deps.json"),
                "--runtimeconfig",
                Beside("MarketsApi.Tests.runtimeconfig.json"),
            ],
            [],
            [("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "MarketsApi.Tests"), .. environment]
        );

    /// <summary>Starts it with these arguments, and with just this environment besides a secret, a free PORT and no rate limits; null removes a variable.</summary>
    public static ProgramProcess Start(string[] arguments, params (string Name, string? Value)[] environment) =>
        Start([], arguments, environment);

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static ProgramProcess Start(string[] host, string[] arguments, (string Name, string? Value)[] environment)
    {
        var port = FreePorts.Next();
        var start = new ProcessStartInfo("dotnet", [.. host, Beside("MarketsApi.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var name in start.Environment.Keys.Except(Inherited, StringComparer.Ordinal).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["JWT_SECRET"] = Tokens.Secret;
        // It lives for seconds: compiling again, and better, what runs often costs more than it brings.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        // Nor does it have to map each method that it compiles twice, once to write and once to execute.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["RateLimiting__Enabled"] = "false";
        foreach (var (name, value) in environment)
        {
            start.Environment.Remove(name);
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }

        return new ProgramProcess(new Process { StartInfo = start }, new Uri($"http://localhost:{port}"));
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string[] arguments,
        params (string Name, string? Value)[] environment
    )
    {
        await using var program = Start(arguments, environment);
        return (await program.ExitAsync(), program.Output, program.Error);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The program didn't end by itself:\n" + Everything);
        }

        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a container's runtime does (SIGTERM), or by another signal.</summary>
    public async Task TerminateAsync(string signal = "TERM")
    {
        using var kill = Process.Start(
            "kill",
            [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]
        );
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends it at once, as a crash does (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.Append(line is null ? "" : line + "\n");
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
