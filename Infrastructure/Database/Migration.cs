using System.Security.Cryptography;
using System.Text;

namespace MarketsApi.Infrastructure.Database;

/// <summary>One SQL file that is applied once, embedded in the program.</summary>
/// <param name="Name">The file's name; the order of names is the order of application.</param>
/// <param name="Sql">Its text.</param>
internal sealed record Migration(string Name, string Sql)
{
    /// <summary>SHA-256 of the text with line ends made equal, in hexadecimal.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>All migrations of the program, in order.</summary>
    /// <exception cref="MigrationException">Two files have one name.</exception>
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
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return new Migration(name, reader.ReadToEnd());
                }),
        ];
    }
}
