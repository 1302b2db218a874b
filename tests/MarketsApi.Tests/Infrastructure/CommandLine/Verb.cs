using System.Diagnostics;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Infrastructure.CommandLine;

/// <summary>The program as a process of its own, as people call it: exit code, standard output and standard error.</summary>
/// <param name="ExitCode">0 when it went well.</param>
/// <param name="Output">What it said.</param>
/// <param name="Errors">What it complained about.</param>
public sealed record Verb(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The lines of standard error.</summary>
    public IReadOnlyList<string> ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<Verb> RunAsync(string connectionString, params string[] arguments)
    {
        using var process = Start(connectionString, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Limit);
            return new Verb(process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Starts a verb, for tests that end it themselves.</summary>
    public static Process Start(string connectionString, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__Postgres"] = connectionString,
                ["ConnectionStrings__Redis"] = "",
                ["Auth__Secret"] = Tokens.Secret,
            },
        };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
