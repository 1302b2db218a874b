using MarketsApi.Infrastructure.Observability;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Observability;

/// <summary>What is said of OpenTelemetry's variables before anything is served.</summary>
public sealed class TelemetrySettingsTests
{
    [Theory]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute http or https address, such as http://collector:4317; it is 'collector:4317'."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "http/json",
        "OTEL_EXPORTER_OTLP_PROTOCOL must be one of grpc, http/protobuf; it is 'http/json'."
    )]
    [InlineData(
        "OTEL_TRACES_SAMPLER",
        "often",
        "OTEL_TRACES_SAMPLER must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio; it is 'often'."
    )]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "10%", "OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1; it is '10%'.")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "1.5", "OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1; it is '1.5'.")]
    [InlineData(
        "OTEL_METRIC_EXPORT_INTERVAL",
        "1s",
        "OTEL_METRIC_EXPORT_INTERVAL must be a whole number, 1 or more; it is '1s'."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "0",
        "OTEL_EXPORTER_OTLP_TIMEOUT must be a whole number, 1 or more; it is '0'."
    )]
    [InlineData("OTEL_SDK_DISABLED", "yes", "OTEL_SDK_DISABLED must be one of true, false; it is 'yes'.")]
    [InlineData(
        "OTEL_METRICS_EXPORTER",
        "prometheus",
        "OTEL_METRICS_EXPORTER must be one of otlp, none; it is 'prometheus'."
    )]
    [InlineData(
        "OTEL_RESOURCE_ATTRIBUTES",
        "production",
        "OTEL_RESOURCE_ATTRIBUTES must be name=value, separated by commas; it is 'production'."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "hunter2",
        "OTEL_EXPORTER_OTLP_HEADERS must be name=value, separated by commas."
    )]
    public void Reports_a_wrong_setting_in_one_sentence(string variable, string value, string sentence)
    {
        var settings = Of(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), (variable, value));

        Assert.Equal([sentence], settings.Validate(null, settings).Failures);
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER", "often")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    public void Without_an_endpoint_nothing_is_used_and_nothing_is_rejected(string variable, string value)
    {
        var settings = Of((variable, value));

        Assert.True(settings.Validate(null, settings).Succeeded);
        Assert.False(settings.HasTraces);
        Assert.False(settings.HasMetrics);
    }

    [Theory]
    [InlineData(null, null, "ParentBased{AlwaysOnSampler}")]
    [InlineData("always_off", null, "AlwaysOffSampler")]
    [InlineData("traceidratio", "0.25", "TraceIdRatioBasedSampler{0.250000}")]
    [InlineData("parentbased_traceidratio", "0.5", "ParentBased{TraceIdRatioBasedSampler{0.500000}}")]
    public void The_sampler_is_the_one_that_is_named(string? name, string? argument, string description)
    {
        var settings = Of(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument));

        Assert.Equal(description, settings.CreateSampler().Description);
    }

    private static TelemetrySettings Of(params (string Name, string? Value)[] variables) =>
        TelemetrySettings.Of(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    variables.GroupBy(one => one.Name).ToDictionary(group => group.Key, group => group.Last().Value)
                )
                .Build()
        );
}
