namespace MarketsApi.Tests.Support;

/// <summary>A verb of the program, run to its end on a database, as people call it.</summary>
/// <param name="ExitCode">0 when it went well.</param>
/// <param name="Output">What it said.</param>
/// <param name="Errors">What it complained about.</param>
public sealed record Verb(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of standard error.</summary>
    public IReadOnlyList<string> ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<Verb> RunAsync(string connectionString, params string[] arguments)
    {
        await using var process = Start(connectionString, arguments);
        return new Verb(await process.ExitAsync(), process.Output, process.Error);
    }

    /// <summary>Starts a verb, for tests that end it themselves.</summary>
    public static ProgramProcess Start(string connectionString, params string[] arguments) =>
        ProgramProcess.Start(arguments, ("ConnectionStrings__Postgres", connectionString));
}
