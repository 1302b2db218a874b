using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using MarketsApi.Features.Shared.Markets;
using MarketsApi.Infrastructure.Caching;
using MarketsApi.Infrastructure.CommandLine;
using Spectre.Console;

namespace MarketsApi.Features.ImportMarkets;

/// <summary>The verb that brings in markets from elsewhere, and brings them up to date when run again.</summary>
internal sealed class ImportMarketsCommand(
    Lazy<Database> database,
    Lazy<Migrator> migrator,
    Lazy<ItemCache> cache,
    IValidator<ImportMarketsLine> validator,
    TimeProvider clock
) : IVerb
{
    private const int Failed = 1;
    private const int SomeRejected = 3;

    /// <summary>How many rejected lines are listed; the summary counts them all.</summary>
    private const int MaxReportedRejections = 1_000;

    /// <summary>How often the report hears of progress, in lines.</summary>
    private const int Step = 256;

    public Command Describe()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A file of JSON lines, one market on each line; plain or gzip.",
        };
        var ignoreUnknown = new Option<bool>("--ignore-unknown")
        {
            Description = "Ignore unknown properties instead of rejecting their line.",
        };
        var command = new Command(
            "import",
            "Import markets from a file, in one transaction. Markets that were imported before are updated. "
                + "The exit code is 3 when lines were rejected; standard error lists them."
        )
        {
            file,
            ignoreUnknown,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(parsed.GetValue(file)!, parsed.GetValue(ignoreUnknown), cancellationToken)
        );
        return command;
    }

    private async Task<int> RunAsync(string path, bool ignoresUnknown, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            return await FailAsync("The path of the file to import is empty.");
        }

        var start = clock.GetTimestamp();
        try
        {
            await using var file = ImportMarketsFile.Open(path);
            await migrator.Value.RequireMigratedAsync(cancellationToken);
            var now = clock.GetStoredNow();
            var loader = new ImportMarketsLoader(database.Value, now);
            ImportMarketsResult result;
            long rejected;
            try
            {
                (result, rejected) = await ReportAsync(report =>
                    ImportAsync(loader, now, file, ignoresUnknown, report, cancellationToken)
                );
            }
            finally
            {
                if (loader.HasBegunToCommit)
                {
                    await cache.Value.ForgetAllMarketsAsync();
                }
            }

            if (rejected > MaxReportedRejections)
            {
                await Console.Error.WriteLineAsync(
                    $"Only the first {MaxReportedRejections.ToInvariant()} of {rejected.ToInvariant()} rejected lines are listed."
                );
            }

            await LoadedMarkets.RefreshAsync(token => loader.RefreshAsync(result, token), cancellationToken);
            Console.WriteLine(Summary(result, rejected, clock.GetElapsedTime(start)));
            return rejected > 0 ? SomeRejected : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(
                $"Can't read {path}: {(Directory.Exists(path) ? "it is a folder." : exception.Message)}"
            );
        }
        catch (InvalidDataException)
        {
            return await FailAsync(
                $"{path} is damaged: it has data that is not gzip, or a wrong length or checksum. Nothing was imported."
            );
        }
        catch (OperationCanceledException)
        {
            return await FailAsync("Stopped; nothing was imported.");
        }
    }

    private async Task<(ImportMarketsResult Result, long Rejected)> ImportAsync(
        ImportMarketsLoader loader,
        DateTime now,
        ImportMarketsFile file,
        bool ignoresUnknown,
        IImportMarketsReport report,
        CancellationToken cancellationToken
    )
    {
        var parser = new ImportMarketsParser(validator, now, ignoresUnknown);
        var rejected = 0L;
        var result = await loader.LoadAsync(RowsAsync(cancellationToken), report.Store, Reject, cancellationToken);
        return (result, rejected);

        void Reject(long line, string reason)
        {
            rejected++;
            if (rejected <= MaxReportedRejections)
            {
                report.Reject(line, reason);
            }
        }

        async IAsyncEnumerable<ImportMarketsRow> RowsAsync([EnumeratorCancellation] CancellationToken token)
        {
            var lines = 0L;
            await foreach (var text in ImportMarketsLines.ReadAsync(file.Content, file.IsPacked, token))
            {
                lines = text.Number;
                if (lines % Step == 0)
                {
                    report.Advance(lines, file.ShareRead);
                }

                if (parser.Parse(text, out var row) is { } reason)
                {
                    Reject(text.Number, reason);
                }
                else
                {
                    yield return row!;
                }
            }

            report.Advance(lines, file.ShareRead);
        }
    }

    /// <summary>A bar where people look on; on standard error, so that standard output has nothing but the summary.</summary>
    private Task<T> ReportAsync<T>(Func<IImportMarketsReport, Task<T>> work) =>
        Console.IsErrorRedirected
            ? work(new ImportMarketsPlainReport(Console.Out, Console.Error, clock))
            : ImportMarketsTerminalReport.RunAsync(
                AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
                work
            );

    private static string Summary(ImportMarketsResult result, long rejected, TimeSpan elapsed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Imported {Counted(result.Imported, "market")} ({result.New} new, {result.Changed} changed, {result.Unchanged} unchanged), rejected {Counted(rejected, "line")} in {elapsed.TotalSeconds:F1} s."
        )
        + (
            result.Replaced == 0
                ? ""
                : $" {Counted(result.Replaced, "line")} replaced by later lines about the same market."
        );

    private static string Counted(long number, string what) =>
        $"{number.ToString(CultureInfo.InvariantCulture)} {what}{(number == 1 ? "" : "s")}";

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Failed;
    }
}
