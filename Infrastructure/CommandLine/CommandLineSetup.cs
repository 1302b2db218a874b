using System.CommandLine;
using MarketsApi.Infrastructure.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MarketsApi.Infrastructure.CommandLine;

/// <summary>One program, several verbs; without a verb it serves.</summary>
internal static class CommandLineSetup
{
    private const int Failure = 1;
    private const int Misuse = 2;

    /// <summary>How long after the start the memory that only the start needed is given back.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(900);

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
        try
        {
            // By far the most common call, and the one whose start is waited for: it needs no other verb to be described.
            return given is [] or ["serve"] ? await ServeAsync(app) : await ParseAndRunAsync(app, given);
        }
        catch (OptionsValidationException exception)
        {
            return await FailAsync(exception.Failures);
        }
        catch (AggregateException exception)
            when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return await FailAsync(
                exception.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures)
            );
        }
        catch (MigrationException exception)
        {
            return await FailAsync([$"The database's tables don't fit this program: {exception.Message}"]);
        }
        catch (Exception exception) when (exception is NpgsqlException || DatabaseErrors.IsUnavailable(exception))
        {
            return await FailAsync([$"The database can't be used: {exception.Message}"]);
        }
    }

    private static async Task<int> ParseAndRunAsync(WebApplication app, string[] given)
    {
        var serve = new Command("serve", "Serve the HTTP API (what happens without a verb).");
        serve.SetAction((_, _) => ServeAsync(app));
        var root = new RootCommand(
            "MarketsApi, a backend for prediction markets. Settings: --Section:Name=value, or the environment as Section__Name."
        )
        {
            serve,
        };
        foreach (var verb in app.Services.GetServices<IVerb>())
        {
            root.Add(verb.Describe());
        }

        var result = root.Parse(given);
        if (result.Errors is [var error, ..])
        {
            await Console.Error.WriteLineAsync($"{error.Message} See --help.");
            return Misuse;
        }

        return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        // The host would check them itself, but log a wrong one with a stack trace.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        try
        {
            // Beside each other, since both take their time: a route that breaks a rule and a database that is away are told alike.
            var check = Task.Run(() =>
            {
                app.CheckEndpoints();
                app.CheckJobs();
                app.CheckRateLimits();
            });
            await app.StartAsync();
            await check;
            await LeaveNothingOfTheStartAsync(app.Lifetime.ApplicationStopping);
            await app.WaitForShutdownAsync();
            return Environment.ExitCode;
        }
        catch (IOException exception)
            when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await FailAsync([
                $"Can't listen: {exception.Message.TrimEnd('.')}; set PORT or ASPNETCORE_URLS to another address.",
            ]);
        }
    }

    /// <remarks>
    /// Most of the heap is garbage of the start then, some 7 MiB, which nothing would collect while nobody asks for anything. A process that has had
    /// a full collection already has enough to do to go on by itself.
    /// </remarks>
    private static async Task LeaveNothingOfTheStartAsync(CancellationToken stopping)
    {
        await Task.Delay(Settling, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (GC.CollectionCount(GC.MaxGeneration) == 0)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static async Task<int> FailAsync(IEnumerable<string> sentences)
    {
        await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, sentences));
        return Failure;
    }

    /// <summary>Settings given as <c>--Key=value</c> have been read by the configuration already; beside another verb than serve their keys have a colon.</summary>
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
            && (serves || arg.AsSpan(0, end).Contains(':'));
    }
}
