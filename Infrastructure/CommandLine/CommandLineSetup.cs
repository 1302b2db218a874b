using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Jobs;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.CommandLine;

/// <summary>One program, several verbs; without a verb it serves.</summary>
internal static partial class CommandLineSetup
{
    private const int Misuse = 2;

    public static void AddCommandLine(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(typeof(Lazy<>), typeof(LazyService<>));
        var verbs = typeof(Program)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVerb)));
        foreach (var verb in verbs)
        {
            builder.Services.AddSingleton(typeof(IVerb), verb);
        }
    }

    /// <summary>Runs the verb that the arguments name, to its end.</summary>
    /// <returns>The exit code: 0 when it went well, 2 when the arguments are wrong, else the verb's own.</returns>
    public static async Task<int> RunVerbAsync(this WebApplication app, string[] args)
    {
        var given = WithoutSettings(args);
        RequireUnicode(given);
        // By far the most common call, and the one whose start is waited for: it needs no other verb to be described.
        return given is [] or ["serve"] ? await ServeAsync(app) : await ParseAndRunAsync(app, given);
    }

    private static async Task<int> ParseAndRunAsync(WebApplication app, string[] given)
    {
        var serve = new Command("serve", "Serve the HTTP API (the default without a verb).");
        serve.SetAction((_, _) => ServeAsync(app));
        var root = new RootCommand("MarketsApi. Settings: --Section:Name=value, or the environment as Section__Name.")
        {
            serve,
        };
        foreach (var verb in app.Services.GetServices<IVerb>())
        {
            root.Add(verb.Describe());
        }

        var result = root.Parse(given);
        if (result.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{Describe(result.Errors)} See --help.");
            return Misuse;
        }

        return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    /// <summary>The first error on one line, without .NET's names of types. A misspelt verb is told so, rather than that a verb is missing.</summary>
    private static string Describe(IReadOnlyList<ParseError> errors)
    {
        var error = errors.FirstOrDefault(one => one.Message.StartsWith("Unrecognized ", StringComparison.Ordinal));
        var words = (error ?? errors[0]).Message.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return ExpectedType().Replace(string.Join(' ', words), ".");
    }

    [GeneratedRegex(" as expected type '[^']*'\\.$")]
    private static partial Regex ExpectedType();

    private static async Task<int> ServeAsync(WebApplication app)
    {
        // The host would check them itself, but log a wrong one with a stack trace.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        // In parallel, since both take time; either way the start fails with a clear error.
        var check = Task.Run(() =>
        {
            app.CheckEndpoints();
            app.CheckJobs();
            app.CheckRateLimits();
        });
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while starting, by a signal or for want of a database: what has started ends below.
        }

        await check;
        await app.WaitForShutdownAsync();
        if (app.Services.GetRequiredService<DatabaseReadiness>().Error is { } error)
        {
            throw error;
        }

        // The host stops when a service of its own fails, but leaves the exit code alone.
        var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>();
        return services.Any(service => service.ExecuteTask?.IsFaulted == true) ? 1 : Environment.ExitCode;
    }

    /// <summary>Texts are stored in Unicode's normal form C, which .NET only has with ICU; without it, it takes every text for normalized.</summary>
    private static void RequireUnicode(string[] given)
    {
        if (!Array.Exists(given, arg => arg.StartsWith('-')) && "e\u0301".Normalize() != "\u00e9")
        {
            throw new OptionsValidationException(
                "",
                typeof(CommandLineSetup),
                [
                    "Unicode texts can't be normalized without ICU: install libicu, and don't set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.",
                ]
            );
        }
    }

    /// <summary>Settings given as <c>--Key=value</c> have been read by the configuration already; beside another verb than serve their keys have a colon or two underscores.</summary>
    private static string[] WithoutSettings(string[] args)
    {
        var serves = args.All(arg => arg.StartsWith('-') || arg == "serve");
        return [.. args.Where(arg => !IsSetting(arg, serves))];
    }

    private static bool IsSetting(string arg, bool serves)
    {
        var end = arg.IndexOf('=', StringComparison.Ordinal);
        return end > 2
            && arg.StartsWith("--", StringComparison.Ordinal)
            && (
                serves
                || arg.AsSpan(0, end).Contains(':')
                || arg.AsSpan(0, end).Contains("__", StringComparison.Ordinal)
            );
    }
}

/// <summary>A verb of the program's command line, found like endpoints are: a public or internal class in its slice's folder.</summary>
internal interface IVerb
{
    /// <summary>The verb with its options and its action; the action's number is the program's exit code.</summary>
    Command Describe();
}

/// <summary>A service that is made when it is first used: a verb that needs no database then also runs without one being configured.</summary>
internal sealed class LazyService<T>(IServiceProvider services) : Lazy<T>(services.GetRequiredService<T>)
    where T : class;
