using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>Settings from the environment, where <c>NAME_FILE=/run/secrets/name</c> stands for NAME with the file's text, as in the images of PostgreSQL and others.</summary>
/// <remarks>A secret in a file is not in the process list, not in a crash report and not inherited; Docker's and Kubernetes' secrets are files.</remarks>
internal sealed class EnvironmentSettings : EnvironmentVariablesConfigurationProvider, IConfigurationSource
{
    private const string Suffix = "_FILE";

    /// <summary>The largest file that is read, in bytes: a device such as /dev/zero has no end.</summary>
    private const int MaxFileBytes = 65_536;

    /// <summary>The shortest text that counts as a secret: masking a shorter one would mask parts of other words.</summary>
    private const int MinSecretLength = 6;

    private static readonly ConcurrentBag<string> Secrets = [];

    /// <summary>Throws where bytes are not UTF-8: what it would put in their place is the same for all, and so no secret.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The names that platforms set, and the settings that they stand for.</summary>
    private static readonly FrozenDictionary<string, string> ShortNames = new Dictionary<string, string>
    {
        ["JWT_SECRET"] = "Auth:Secret",
        ["DATABASE_URL"] = "ConnectionStrings:Postgres",
        ["REDIS_URL"] = "ConnectionStrings:Redis",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _problems = [];

    /// <summary>A sentence without the texts of files, which may have got into it because a variable names the wrong file.</summary>
    /// <remarks>Longer texts first: one may begin with another.</remarks>
    public static string Masked(string sentence) =>
        Secrets
            .OrderByDescending(secret => secret.Length)
            .Aggregate(sentence, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>Has a builder read the environment this way, and makes the short names settings where the settings' own names are not given.</summary>
    /// <exception cref="OptionsValidationException">A file can't be read. Thrown at once, because what it should have set would be called missing later.</exception>
    public static void AddTo(WebApplicationBuilder builder)
    {
        var environment = new EnvironmentSettings();
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        var plain = sources.Last(source => source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        sources[sources.IndexOf(plain)] = environment;
        if (environment._problems.Count > 0)
        {
            throw new OptionsValidationException("", typeof(EnvironmentSettings), environment._problems);
        }

        foreach (var (variable, setting) in ShortNames)
        {
            if (
                string.IsNullOrEmpty(builder.Configuration[setting])
                && builder.Configuration[variable] is { Length: > 0 } value
            )
            {
                builder.Configuration[setting] = value;
            }
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        base.Load();
        _problems.Clear();
        foreach (var (name, path) in Data.Where(pair => IsFileOfSetting(pair.Key)).ToList())
        {
            Data.Remove(name);
            if (!string.IsNullOrEmpty(path))
            {
                Read(name, path);
            }
        }
    }

    /// <remarks>The short names count in either case, as without the suffix. Others may be another program's variables, so they count only as documented.</remarks>
    private static bool IsFileOfSetting(string name) =>
        name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
        && (
            ShortNames.ContainsKey(name[..^Suffix.Length])
            || (name.Contains(':', StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
        );

    /// <remarks>The path stays out of the messages: who puts the secret itself there makes a common mistake.</remarks>
    private void Read(string name, string path)
    {
        var setting = name[..^Suffix.Length];
        var file = name.Replace(":", "__", StringComparison.Ordinal);
        if (!string.IsNullOrEmpty(Data.TryGetValue(setting, out var value) ? value : null))
        {
            _problems.Add($"{file[..^Suffix.Length]} and {file} are both set: set one of them.");
            return;
        }

        try
        {
            using var stream = File.OpenRead(path);
            var bytes = new byte[MaxFileBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxFileBytes)
            {
                _problems.Add(
                    $"{file} must be the path of a file with one value; the file has more than 65,536 bytes."
                );
                return;
            }

            using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Utf8);
            var text = reader.ReadToEnd().TrimEnd('\r', '\n');
            Data[setting] = text;
            if (text.Length >= MinSecretLength)
            {
                Secrets.Add(text);
            }
        }
        catch (DecoderFallbackException)
        {
            _problems.Add($"{file} must be the path of a text file in UTF-8; the file has other bytes.");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason =
                Directory.Exists(path) ? "it is a folder"
                : exception is UnauthorizedAccessException ? "access to the file is denied"
                : exception is FileNotFoundException or DirectoryNotFoundException ? "the file doesn't exist"
                : "reading the file failed";
            _problems.Add($"{file} must be the path of a readable file; {reason}.");
        }
    }
}
