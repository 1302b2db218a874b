using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>Rejects, with a sentence, what the program can't connect with.</summary>
internal sealed class PostgresAddressValidator : IValidateOptions<ConnectionStringSettings>
{
    /// <summary>Keywords that name files.</summary>
    private static readonly string[] Files = ["SSL Certificate", "SSL Key", "Root Certificate", "Passfile"];

    public ValidateOptionsResult Validate(string? name, ConnectionStringSettings options)
    {
        var problems = new List<string>();
        if (string.IsNullOrEmpty(options.Postgres))
        {
            problems.Add(
                "ConnectionStrings:Postgres (or DATABASE_URL) is not set: give the PostgreSQL database to use, such as postgres://user:password@host:5432/database."
            );
        }
        else if (ProblemOf(options.Postgres) is { } problem)
        {
            problems.Add($"ConnectionStrings:Postgres (or DATABASE_URL) can't be used: {problem}");
        }

        if (!string.IsNullOrEmpty(options.PostgresReader) && ProblemOf(options.PostgresReader) is { } ofReader)
        {
            problems.Add($"ConnectionStrings:PostgresReader can't be used: {ofReader}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string? ProblemOf(string text)
    {
        try
        {
            var address = PostgresAddress.Parse(text);
            foreach (var keyword in Files)
            {
                if (
                    address.TryGetValue(keyword, out var path)
                    && path is string { Length: > 0 }
                    && !File.Exists((string)path)
                )
                {
                    return $"the file that it names as {keyword} doesn't exist.";
                }
            }

            if (address.MaxPoolSize == 0)
            {
                return "Maximum Pool Size must be 1 or more.";
            }

            using var source = new NpgsqlDataSourceBuilder(address.ConnectionString).Build();
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return exception.Message.Split('\n')[0].TrimEnd('.') + ".";
        }
    }
}
