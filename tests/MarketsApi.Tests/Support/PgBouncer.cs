using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace MarketsApi.Tests.Support;

/// <summary>A PgBouncer in transaction mode between the program and the tests' PostgreSQL, set up as docs/operations.md says.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgbouncer");
    private readonly int _port = FreePorts.Next();
    private Process? _process;

    private PgBouncer() { }

    /// <summary>Where its binary is, or null.</summary>
    public static string? Binary { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "pgbouncer"))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts one with this many connections to each database.</summary>
    public static async Task<PgBouncer> StartAsync(int connections)
    {
        var one = new PgBouncer();
        var server = new NpgsqlConnectionStringBuilder(TestDatabase.Server);
        var file = Path.Combine(one._folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            file,
            $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {one._port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            ignore_startup_parameters = options,extra_float_digits
            default_pool_size = {connections}
            """
        );
        // It doesn't run as root, and the account that it runs as has to read this.
        using (var chmod = Process.Start("chmod", ["755", one._folder.FullName]))
        {
            await chmod.WaitForExitAsync();
        }

        string[] account = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        one._process = Process.Start(Binary!, ["-q", .. account, file]);
        await one.UntilItListensAsync();
        return one;
    }

    /// <summary>The way to a database by this.</summary>
    public string To(TestDatabase database) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = _port,
        }.ConnectionString + ";Max Auto Prepare=0";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task UntilItListensAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", _port);
                return;
            }
            catch (SocketException) when (tries < 200 && !_process!.HasExited)
            {
                await Task.Delay(25);
            }
        }
    }
}
