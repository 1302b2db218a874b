using System.Collections;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>Settings that the environment gives by file: <c>NAME_FILE=/run/secrets/name</c> stands for NAME with the file's text, as in the images of PostgreSQL and others.</summary>
/// <remarks>A secret in a file is not in the process list, not in a crash report and not inherited; Docker's and Kubernetes' secrets are files.</remarks>
internal sealed class SettingFiles : IValidateOptions<SettingFiles>
{
    /// <summary>Ends the name of a variable that names a file.</summary>
    public const string Suffix = "_FILE";

    /// <summary>One sentence for each file that can't be used.</summary>
    public IList<string> Faults { get; } = [];

    /// <summary>Reads the files of all settings with a section (<c>Auth__Secret_FILE</c>) and of these short names.</summary>
    public static SettingFiles Read(ConfigurationManager configuration, IReadOnlyCollection<string> shortNames)
    {
        var files = new SettingFiles();
        var values = new Dictionary<string, string?>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var (name, path) = ((string)variable.Key, (string?)variable.Value);
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && !string.IsNullOrEmpty(path))
            {
                var setting = name[..^Suffix.Length];
                if (setting.Contains("__", StringComparison.Ordinal) || shortNames.Contains(setting))
                {
                    files.Read(setting, path, values);
                }
            }
        }

        // Like the environment that names them: above appsettings.json, below the command line.
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var above = sources.FirstOrDefault(source => source is CommandLineConfigurationSource);
        sources.Insert(
            above is null ? sources.Count : sources.IndexOf(above),
            new MemoryConfigurationSource { InitialData = values }
        );
        return files;
    }

    public ValidateOptionsResult Validate(string? name, SettingFiles options) =>
        Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(Faults);

    private void Read(string setting, string path, Dictionary<string, string?> values)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(setting)))
        {
            Faults.Add($"{setting} and {setting}{Suffix} are both set: give one of them.");
            return;
        }

        try
        {
            values[setting.Replace("__", ":", StringComparison.Ordinal)] = File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Faults.Add($"{setting}{Suffix} names a file that can't be read: '{path}'.");
        }
    }
}
