using System.Diagnostics;
using System.Text.RegularExpressions;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Architecture;

/// <summary>No secret is in the repository but those that are made for trying things out.</summary>
public sealed class SecretScanTests
{
    /// <summary>What a secret looks like; the group is what has to be allowed by name.</summary>
    private static readonly Regex[] Forms =
    [
        new(@"(-----BEGIN [A-Z ]*PRIVATE KEY-----)"),
        new(@"\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})"),
        new(@"\b((?:AKIA|ASIA)[0-9A-Z]{16})\b"),
        new(
            @"\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,})"
        ),
        new(@"\b(sk-[A-Za-z0-9_-]{20,})"),
        new(@"(?i)\b(?:[a-z]*password|pwd)=([^\s;""'`${}<>()\[\],\\]{3,})"),
        new(@"[a-z]://[^/\s:@""'`${}<>\[\]]*:([^/\s:@""'`${}<>\[\]]{3,})@"),
        new(
            @"(?i)\b(?:[A-Za-z_:]*secret|api_?key|access_?token)[""']?\s*[:=]\s*[""']?([A-Za-z0-9+/_=-]{24,})(?![A-Za-z0-9(.])"
        ),
    ];

    /// <summary>Published on purpose: they open nothing.</summary>
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "password",
        "change-me",
        "0123456789abcdef0123456789abcdef",
        "hunter2",
        "-development-only-secret-that-everybody-can-read",
        "another-secret-that-has-more-than-32-bytes",
        "the-secret-that-is-given-by-its-own-name",
        "the-secret-that-is-in-a-file-and-not-in-the-environment",
        Tokens.Secret,
    };

    [Fact]
    public void No_file_of_the_repository_has_one()
    {
        var files = Files();
        Assert.True(files.Count > 300, "found no files to scan");

        var found = files
            .SelectMany(path => Find(File.ReadAllText(path)).Select(secret => $"{path}: {Masked(secret)}"))
            .ToList();

        Assert.True(
            found.Count == 0,
            "These look like secrets. Take them out and change them where they open something; allow what is made for tests in SecretScanTests.\n"
                + string.Join("\n", found)
        );
    }

    public static TheoryData<string> Samples =>
        [
            "-----BEGIN RSA " + "PRIVATE KEY-----",
            "-----BEGIN " + "PRIVATE KEY-----",
            "token = \"" + RawToken.Make(RawToken.Claims()) + "\"",
            "AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7EXAMPLE",
            "ghp_" + new string('a', 36),
            "OPENAI_API_KEY: sk-" + "proj-abcdefghijklmnopqrstuvwx",
            "Host=db;Username=app;Pass" + "word=correct-horse",
            "DATABASE_URL=postgres://app:correct" + "-horse@db:5432/markets",
            "redis://:correct" + "-horse@cache:6379",
            "JWT_SECRET=" + new string('k', 40),
            "\"ApiKey\": \"" + new string('k', 40) + "\"",
        ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void One_is_found_whatever_its_form(string text) => Assert.NotEmpty(Find("a line\n" + text + "\nanother"));

    [Theory]
    [InlineData("Host=localhost;Password=${POSTGRES_PASSWORD};Database=x")]
    [InlineData("redis://user:password@host:6379")]
    [InlineData("var secret = configuration[\"Auth:Secret\"];")]
    [InlineData("https://example.org/path:with@at")]
    public void Other_text_is_left_alone(string text) => Assert.Empty(Find(text));

    private static IEnumerable<string> Find(string text) =>
        Forms
            .SelectMany(form => form.Matches(text))
            .Select(match => match.Groups[1].Value)
            .Where(secret => !Allowed.Contains(secret));

    private static string Masked(string secret) =>
        string.Concat(secret.AsSpan(0, 3), "… (", $"{secret.Length} characters)");

    /// <summary>What is or would be committed; without git everything but what is built.</summary>
    private static List<string> Files()
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = SourceTree.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var listed = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.SkipWhen(git.ExitCode != 0, "This is not a git repository.");
        return
        [
            .. listed
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(path => Path.Combine(SourceTree.Root, path))
                .Where(File.Exists),
        ];
    }
}
