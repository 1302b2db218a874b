using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MarketsApi.Infrastructure.CommandLine;

/// <summary>Reports errors that the operator can fix in plain sentences; anything else is a bug and keeps its stack trace.</summary>
internal static class StartErrors
{
    private const int Failure = 1;

    /// <summary>One sentence for each thing that is wrong; null for a bug.</summary>
    public static IReadOnlyList<string>? Explain(Exception exception) =>
        exception switch
        {
            OptionsValidationException wrong => [.. wrong.Failures],
            AggregateException several when several.InnerExceptions.All(inner => Explain(inner) is not null) =>
            [
                .. several.InnerExceptions.SelectMany(inner => Explain(inner)!),
            ],
            InvalidDataException { InnerException: FormatException or JsonException } file => [Describe(file)],
            InvalidOperationException when Comes(exception, "Microsoft.Extensions.Configuration.Binder") =>
            [
                $"The settings can't be used: {FirstLine(exception.InnerException as InvalidOperationException ?? exception)}.",
            ],
            DirectoryNotFoundException when Comes(exception, "Microsoft.Extensions.") =>
            [
                $"The folder that ASPNETCORE_CONTENTROOT or --contentRoot names doesn't exist: {FirstLine(exception)}.",
            ],
            UnauthorizedAccessException when Comes(exception, "Microsoft.Extensions.") =>
            [
                $"The settings can't be read: {FirstLine(exception)}.",
            ],
            CryptographicException =>
            [
                $"The server can't listen: a certificate of Kestrel:Certificates or Kestrel:Endpoints, or its password, is wrong: {FirstLine(exception)}.",
            ],
            _ when Comes(exception, typeof(KestrelServer).Assembly.GetName().Name!) =>
            [
                $"The server can't listen: {FirstLine(exception)}; the settings are PORT, ASPNETCORE_URLS and Kestrel.",
            ],
            _ when Comes(exception, "Serilog.Settings.") =>
            [
                $"The settings of Serilog can't be used: {FirstLine(exception)}.",
            ],
            _ when Comes(exception, "OpenTelemetry") =>
            [
                $"The variables of OpenTelemetry (OTEL_…) can't be used: {FirstLine(exception)}.",
            ],
            MigrationException => [$"The database's tables don't fit this program: {exception.Message}"],
            NpgsqlException => [$"The database can't be used: {FirstLine(exception)}."],
            _ when DatabaseErrors.IsUnavailable(exception) => [$"The database can't be used: {FirstLine(exception)}."],
            _ => null,
        };

    /// <summary>Writes them to standard error.</summary>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> WriteAsync(IEnumerable<string> sentences)
    {
        await Console.Error.WriteLineAsync(
            string.Join(Environment.NewLine, sentences.Select(EnvironmentSettings.Masked))
        );
        return Failure;
    }

    /// <summary>Whether a part whose assembly's name begins so had its hand in it.</summary>
    private static bool Comes(Exception exception, string from) =>
        new StackTrace(exception)
            .GetFrames()
            .Any(frame =>
                frame.GetMethod()?.DeclaringType?.Assembly.GetName().Name?.StartsWith(from, StringComparison.Ordinal)
                == true
            );

    private static string Describe(InvalidDataException file)
    {
        var json = file.InnerException as JsonException ?? file.InnerException!.InnerException as JsonException;
        var reason = json?.LineNumber is { } line
            ? $"line {line + 1} is not valid JSON"
            : FirstLine(file.InnerException!);
        return $"{FirstLine(file)}: {reason}.";
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim().TrimEnd('.');
}
