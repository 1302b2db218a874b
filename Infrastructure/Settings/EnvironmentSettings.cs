using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>Settings from the environment, where <c>NAME_FILE=/run/secrets/name</c> stands for NAME with the file's text, as in the images of PostgreSQL and others.</summary>
/// <remarks>A secret in a file is not in the process list, not in a crash report and not inherited; Docker's and Kubernetes' secrets are files.</remarks>
internal sealed class EnvironmentSettings
    : EnvironmentVariablesConfigurationProvider,
        IConfigurationSource,
        IValidateOptions<EnvironmentSettings>
{
    private const string Suffix = "_FILE";

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

    /// <summary>Has a builder read the environment this way, and makes the short names settings where the settings' own names are not given.</summary>
    public static void AddTo(WebApplicationBuilder builder)
    {
        var environment = new EnvironmentSettings();
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        var plain = sources.Last(source => source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        sources[sources.IndexOf(plain)] = environment;
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

        builder.Services.AddOptions<EnvironmentSettings>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EnvironmentSettings>>(environment);
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
                Read(name[..^Suffix.Length], path);
            }
        }
    }

    public ValidateOptionsResult Validate(string? name, EnvironmentSettings options) =>
        _problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_problems);

    private static bool IsFileOfSetting(string name) =>
        name.EndsWith(Suffix, StringComparison.Ordinal)
        && (name.Contains(':', StringComparison.Ordinal) || ShortNames.ContainsKey(name[..^Suffix.Length]));

    /// <remarks>The path stays out of the messages: who puts the secret itself there makes a common mistake.</remarks>
    private void Read(string setting, string path)
    {
        var variable = setting.Replace(":", "__", StringComparison.Ordinal);
        if (!string.IsNullOrEmpty(Data.TryGetValue(setting, out var value) ? value : null))
        {
            _problems.Add($"{variable} and {variable}{Suffix} are both set: set one of them.");
            return;
        }

        try
        {
            Data[setting] = File.ReadAllText(path, Utf8).TrimEnd('\r', '\n');
        }
        catch (DecoderFallbackException)
        {
            _problems.Add($"{variable}{Suffix} must be the path of a text file in UTF-8; the file has other bytes.");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason =
                Directory.Exists(path) ? "it is a folder"
                : exception is UnauthorizedAccessException ? "access to the file is denied"
                : exception is FileNotFoundException or DirectoryNotFoundException ? "the file doesn't exist"
                : "reading the file failed";
            _problems.Add($"{variable}{Suffix} must be the path of a readable file; {reason}.");
        }
    }
}
