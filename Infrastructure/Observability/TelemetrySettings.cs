using System.Globalization;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>OpenTelemetry's standard variables, as far as they are checked at start; the SDK reads them, and others, itself.</summary>
internal sealed class TelemetrySettings : IValidateOptions<TelemetrySettings>
{
    private const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string DefaultSampler = "parentbased_always_on";

    private static readonly string[] Booleans = ["true", "false"];
    private static readonly string[] Exporters = ["otlp", "none"];
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];
    private static readonly string[] Samplers =
    [
        "always_on",
        "always_off",
        "traceidratio",
        DefaultSampler,
        "parentbased_always_off",
        "parentbased_traceidratio",
    ];

    private static readonly string[] Numbers =
    [
        "OTEL_BSP_EXPORT_TIMEOUT",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        "OTEL_BSP_MAX_QUEUE_SIZE",
        "OTEL_BSP_SCHEDULE_DELAY",
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_METRIC_EXPORT_TIMEOUT",
    ];

    private IConfiguration _configuration = new ConfigurationManager();

    /// <summary>Where telemetry is sent; without it nothing is sent.</summary>
    public string? Endpoint => this[EndpointName];

    /// <summary>Whether spans are made and sent.</summary>
    public bool HasTraces => IsOn && !Is("OTEL_TRACES_EXPORTER", "none");

    /// <summary>Whether metrics are collected and sent.</summary>
    public bool HasMetrics => IsOn && !Is("OTEL_METRICS_EXPORTER", "none");

    private bool IsOn => Endpoint is not null && !Is("OTEL_SDK_DISABLED", "true");

    private string? this[string name] => _configuration[name] is { Length: > 0 } value ? value.Trim() : null;

    /// <summary>Has them read from wherever the program's settings come from.</summary>
    public void ReadFrom(IConfiguration configuration) => _configuration = configuration;

    /// <summary>What a configuration says, unchecked.</summary>
    public static TelemetrySettings Of(IConfiguration configuration) => new() { _configuration = configuration };

    /// <summary>Which traces are recorded.</summary>
    public Sampler CreateSampler()
    {
        var name = this["OTEL_TRACES_SAMPLER"]?.ToLowerInvariant() ?? DefaultSampler;
        Sampler root =
            name.EndsWith("always_on", StringComparison.Ordinal) ? new AlwaysOnSampler()
            : name.EndsWith("always_off", StringComparison.Ordinal) ? new AlwaysOffSampler()
            : new TraceIdRatioBasedSampler(Ratio ?? 1);
        return new SpanSampler(
            name.StartsWith("parentbased_", StringComparison.Ordinal) ? new ParentBasedSampler(root) : root
        );
    }

    public ValidateOptionsResult Validate(string? name, TelemetrySettings options)
    {
        var errors = options.Endpoint is null ? [] : options.Errors().ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private double? Ratio =>
        this["OTEL_TRACES_SAMPLER_ARG"] is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) ? ratio
        : double.NaN;

    private IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            yield return $"{EndpointName} must be an absolute http or https address, such as http://collector:4317; it is {SettingsProblems.Quote(Endpoint)}.";
        }

        foreach (
            var (name, words) in ((string, string[])[])
                [
                    ("OTEL_SDK_DISABLED", Booleans),
                    ("OTEL_TRACES_EXPORTER", Exporters),
                    ("OTEL_METRICS_EXPORTER", Exporters),
                    ("OTEL_EXPORTER_OTLP_PROTOCOL", Protocols),
                    ("OTEL_TRACES_SAMPLER", Samplers),
                ]
        )
        {
            if (this[name] is { } value && !words.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{name} must be one of {string.Join(", ", words)}; it is '{value}'.";
            }
        }

        if (Ratio is not (null or >= 0 and <= 1))
        {
            yield return $"OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1; it is '{this["OTEL_TRACES_SAMPLER_ARG"]}'.";
        }

        foreach (var name in Numbers)
        {
            if (
                this[name] is { } value
                && !(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            )
            {
                yield return $"{name} must be a whole number, 1 or more; it is '{value}'.";
            }
        }

        if (this["OTEL_RESOURCE_ATTRIBUTES"] is { } attributes && !IsList(attributes))
        {
            yield return $"OTEL_RESOURCE_ATTRIBUTES must be name=value, separated by commas; it is '{attributes}'.";
        }

        // Its text stays out of the message: it holds keys.
        if (this["OTEL_EXPORTER_OTLP_HEADERS"] is { } headers && !IsList(headers))
        {
            yield return "OTEL_EXPORTER_OTLP_HEADERS must be name=value, separated by commas.";
        }
    }

    private bool Is(string name, string value) => string.Equals(this[name], value, StringComparison.OrdinalIgnoreCase);

    private static bool IsList(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .All(pair => pair.IndexOf('=', StringComparison.Ordinal) > 0);
}
