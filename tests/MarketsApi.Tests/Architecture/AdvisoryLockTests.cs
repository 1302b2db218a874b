using System.Reflection;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>Two purposes that share an advisory lock wait for each other, or believe each other's work done.</summary>
public sealed partial class AdvisoryLockTests
{
    private static readonly IReadOnlyDictionary<string, long> Keys = typeof(AdvisoryLocks)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(field => field.Name, field => (long)field.GetRawConstantValue()!);

    [Fact]
    public void Each_purpose_has_a_key_of_its_own()
    {
        Assert.True(Keys.Count >= 4, "found no keys to check");

        Assert.Empty(
            Keys.GroupBy(key => key.Value).Where(same => same.Count() > 1).Select(same => string.Join(", ", same))
        );
    }

    [Fact]
    public void A_key_that_migrations_have_as_a_number_is_one_of_them_and_of_one_topic()
    {
        var numbers = Directory
            .GetFiles(SourceTree.Root, "*.sql", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/artifacts/", StringComparison.Ordinal))
            .SelectMany(path =>
                NumberOfLock()
                    .Matches(File.ReadAllText(path))
                    .Select(match => (File: Path.GetFileName(path), Key: long.Parse(match.Groups["key"].Value)))
            )
            .ToList();
        Assert.NotEmpty(numbers);

        Assert.All(numbers, number => Assert.Contains(number.Key, Keys.Values));
        // A later migration that replaces a function repeats its key: 20261201_30_search_… that of 20261122_03_search_….
        Assert.All(
            numbers.GroupBy(number => number.Key),
            same => Assert.Single(same.Select(number => number.File.Split('_')[2]).Distinct())
        );
    }

    [Fact]
    public void No_statement_has_a_key_as_a_number()
    {
        var statements = SourceTree
            .Files.Where(file => file.Text.Contains("advisory_", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(statements);

        Assert.All(
            statements,
            file =>
                Assert.False(
                    NumberOfLock().IsMatch(file.Text),
                    $"{file.Path}: pass a constant of AdvisoryLocks as a parameter."
                )
        );
    }

    [GeneratedRegex(@"pg_(?:try_)?advisory_(?:xact_)?lock(?:_shared)?\((?<key>\d+)\)")]
    private static partial Regex NumberOfLock();
}
