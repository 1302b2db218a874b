using Microsoft.Extensions.Options;
using Serilog.Events;

namespace MarketsApi.Infrastructure.Settings;

/// <summary>Settings that the framework and packages read: they would ignore a wrong one, fail with a stack trace, or fail each request.</summary>
internal sealed class FrameworkSettings
{
    private const string Hosts = "AllowedHosts";

    /// <summary>What has to be right before the host can be built, which already writes logs.</summary>
    /// <exception cref="OptionsValidationException">Something isn't.</exception>
    public static void Check(IConfiguration configuration)
    {
        var logging = configuration.GetSection("Logging:LogLevel");
        var serilog = configuration.GetSection("Serilog:MinimumLevel");
        var problems = ProblemsOf<LogLevel>([logging, .. logging.GetChildren()])
            .Concat(
                ProblemsOf<LogEventLevel>([
                    serilog,
                    serilog.GetSection("Default"),
                    .. serilog.GetSection("Override").GetChildren(),
                ])
            )
            .ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException("", typeof(FrameworkSettings), problems);
        }

        // The framework knows only semicolons; all other lists take commas and indexes as well.
        var hosts = configuration.GetSection(Hosts);
        configuration[Hosts] = string.Join(
            ';',
            hosts.GetChildren().Select(item => item.Value).Append(hosts.Value).OfType<string>().SelectMany(Split)
        );
    }

    private static IEnumerable<string> ProblemsOf<T>(IEnumerable<IConfigurationSection> levels)
        where T : struct, Enum =>
        levels
            .Where(level =>
                !string.IsNullOrEmpty(level.Value) && !Enum.TryParse<T>(level.Value, ignoreCase: true, out _)
            )
            .Select(level =>
                $"{level.Path} must be one of {string.Join(", ", Enum.GetNames<T>())}; it is {SettingsProblems.Quote(level.Value)}."
            );

    private static string[] Split(string hosts) =>
        hosts.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal sealed class Validator(IConfiguration configuration) : IValidateOptions<FrameworkSettings>
    {
        public ValidateOptionsResult Validate(string? name, FrameworkSettings options)
        {
            var problems = Split(configuration[Hosts] ?? "")
                .Where(host => host != "*" && !IsHost(host))
                .Select(host =>
                    $"{Hosts} must list host names without a port, such as example.org or *.example.org, or be *; {SettingsProblems.Quote(host)} is not a valid host name."
                )
                .Concat(MissingCertificates())
                .ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static bool IsHost(string text) =>
            Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text)
            != UriHostNameType.Unknown;

        private IEnumerable<string> MissingCertificates() =>
            configuration
                .GetSection("Kestrel:Certificates")
                .GetChildren()
                .Concat(
                    configuration
                        .GetSection("Kestrel:Endpoints")
                        .GetChildren()
                        .Select(one => one.GetSection("Certificate"))
                )
                .SelectMany(certificate => new[] { certificate.GetSection("Path"), certificate.GetSection("KeyPath") })
                .Where(path => !string.IsNullOrEmpty(path.Value) && !File.Exists(path.Value))
                .Select(path =>
                    $"{path.Path} must be the path of a file; the file {SettingsProblems.Quote(path.Value)} doesn't exist."
                );
    }
}
