using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Support;

/// <summary>A PostgreSQL of the test's own with a streaming standby, which can be made to lag, killed and started again; both count their statements.</summary>
public sealed class ReplicatedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string? Binaries = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':')
        .Concat(
            Directory.Exists("/usr/lib/postgresql")
                ? Directory
                    .GetDirectories("/usr/lib/postgresql")
                    .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var major) ? major : 0)
                    .Select(folder => Path.Combine(folder, "bin"))
                : []
        )
        .FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_basebackup"))
        );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("replicated-");
    private readonly int _primaryPort = FreePorts.Next();
    private readonly int _standbyPort = FreePorts.Next();
    private Process? _primary;
    private Process? _standby;

    private ReplicatedPostgres() { }

    /// <summary>Where the primary is.</summary>
    public string Primary => To(_primaryPort);

    /// <summary>Where the standby is.</summary>
    public string Standby => To(_standbyPort);

    /// <summary>Both in one connection string, the standby first.</summary>
    public string Both => $"Host=127.0.0.1:{_standbyPort},127.0.0.1:{_primaryPort};Username=markets;Database=markets";

    /// <summary>Starts both, with an empty database; skips the test where their binaries are not to be found.</summary>
    public static async Task<ReplicatedPostgres> StartAsync()
    {
        Assert.SkipWhen(Binaries is null, "PostgreSQL's initdb and pg_basebackup are not installed here.");
        var servers = new ReplicatedPostgres();
        try
        {
            await servers.MakeAsync();
            return servers;
        }
        catch (Exception)
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the standby apply what is committed only so much later.</summary>
    public async Task LagAsync(TimeSpan delay)
    {
        var milliseconds = ((int)delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        await QueryAsync<string>(Standby, $"ALTER SYSTEM SET recovery_min_apply_delay = '{milliseconds}ms'");
        await QueryAsync<bool>(Standby, "SELECT pg_reload_conf()");
    }

    /// <summary>Ends the standby at once, as a crash does.</summary>
    public Task KillStandbyAsync() => EndAsync(_standby);

    /// <summary>Starts the standby again.</summary>
    public async Task StartStandbyAsync() => _standby = await StartServerAsync("standby", _standbyPort);

    /// <summary>How often a server has been asked something whose text contains this.</summary>
    public static async Task<long> CountAsync(string server, string text) =>
        (
            await QueryAsync<long>(
                server,
                $"SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements WHERE strpos(query, '{text}') > 0 AND strpos(query, 'pg_stat_statements') = 0"
            )
        )[0];

    /// <summary>Reads beside the program.</summary>
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server + ";Pooling=false");
        return (await connection.QueryAsync<T>(sql)).AsList();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(_standby);
        await EndAsync(_primary);
        _standby?.Dispose();
        _primary?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string To(int port) => $"Host=127.0.0.1;Port={port};Username=markets;Database=markets";

    private async Task MakeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // It doesn't run as root.
            await RunAsync("chown", "postgres", _folder.FullName);
        }

        await RunAsAccountAsync(
            "initdb",
            ["-D", FolderOf("primary"), "-U", "markets", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        );
        _primary = await StartServerAsync("primary", _primaryPort, database: "postgres");
        await QueryAsync<string>(
            Primary.Replace("Database=markets", "Database=postgres", StringComparison.Ordinal),
            "CREATE DATABASE markets"
        );
        await QueryAsync<string>(Primary, "CREATE EXTENSION pg_stat_statements");
        await RunAsAccountAsync(
            "pg_basebackup",
            [
                "-d",
                $"host=127.0.0.1 port={_primaryPort} user=markets",
                "-D",
                FolderOf("standby"),
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
            ]
        );
        await StartStandbyAsync();
    }

    private string FolderOf(string server) => Path.Combine(_folder.FullName, server);

    private async Task<Process> StartServerAsync(string name, int port, string database = "markets")
    {
        var process = StartAsAccount(
            "postgres",
            [
                "-D",
                FolderOf(name),
                "-p",
                port.ToString(CultureInfo.InvariantCulture),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "shared_preload_libraries=pg_stat_statements",
            ]
        );
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await QueryAsync<int>($"Host=127.0.0.1;Port={port};Username=markets;Database={database}", "SELECT 1");
                return process;
            }
            catch (NpgsqlException) when (!process.HasExited && Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Stops it immediately (SIGQUIT, which reaches all its processes).</summary>
    private static async Task EndAsync(Process? server)
    {
        if (server is { HasExited: false })
        {
            await RunAsync("kill", "-QUIT", server.Id.ToString(CultureInfo.InvariantCulture));
            await server.WaitForExitAsync();
        }
    }

    private static async Task RunAsAccountAsync(string program, string[] arguments)
    {
        using var process = StartAsAccount(program, arguments);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {said[0]}{said[1]}");
    }

    private static Process StartAsAccount(string program, string[] arguments)
    {
        string[] command = [Path.Combine(Binaries!, program), .. arguments];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", .. command];
        }

        return Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
