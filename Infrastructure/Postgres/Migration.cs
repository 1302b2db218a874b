using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>One SQL file that is applied once, embedded in the program.</summary>
/// <param name="Name">The file's name; the order of names is the order of application.</param>
/// <param name="Sql">Its text.</param>
internal sealed partial record Migration(string Name, string Sql)
{
    /// <summary>SHA-256 of the text with line ends made equal, in hexadecimal.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>All migrations of the program, in order.</summary>
    /// <exception cref="MigrationException">A file's name has no place in the order.</exception>
    public static IReadOnlyList<Migration> All()
    {
        var assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    Demand(name);
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return new Migration(name, reader.ReadToEnd());
                }),
        ];
    }

    /// <summary>Rejects a name that says nothing about the order.</summary>
    /// <exception cref="MigrationException">It doesn't begin with a day and a number.</exception>
    internal static void Demand(string name)
    {
        if (!NameForm().IsMatch(name))
        {
            throw new MigrationException(
                $"migration {name} is named wrongly: migrations are applied in the order of their names, so name it by day, number and content, like 20270131_01_ratings.sql."
            );
        }
    }

    [GeneratedRegex(@"^\d{8}_\d{2}_[a-z0-9_]+\.sql\z")]
    private static partial Regex NameForm();
}

/// <summary>The migrations of this program and those that the database has seen don't fit together.</summary>
internal class MigrationException(string message) : Exception(message);

/// <summary>The database lacks a migration that this process may not apply itself.</summary>
internal sealed class MigrationMissingException(string message) : MigrationException(message);
