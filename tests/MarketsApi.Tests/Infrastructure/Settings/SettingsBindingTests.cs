using MarketsApi.Infrastructure.Http.Server;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Settings;

/// <summary>How a section of the configuration becomes an object.</summary>
public sealed class SettingsBindingTests
{
    private static readonly string[] Origins = ["https://a.example", "https://b.example"];

    [Theory]
    [InlineData("Cors:Origins=https://a.example,https://b.example")]
    [InlineData("Cors:Origins= https://a.example , https://b.example, ")]
    [InlineData("Cors:Origins:0=https://a.example;Cors:Origins:1=https://b.example")]
    [InlineData("Cors:Origins:0=https://a.example,https://b.example")]
    [InlineData("Cors:Origins=;Cors:Origins:0=https://a.example;Cors:Origins:1=https://b.example")]
    public void A_list_has_commas_or_indexes(string settings) =>
        Assert.Equal(Origins, Bind<CorsSettings>("Cors", settings).Origins);

    [Theory]
    [InlineData("Cors:Origins=")]
    [InlineData("Cors:Origins=,")]
    [InlineData("Other=1")]
    public void A_list_can_be_empty(string settings) => Assert.Empty(Bind<CorsSettings>("Cors", settings).Origins);

    [Fact]
    public void A_list_in_both_forms_is_rejected_since_one_would_be_lost()
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            Bind<CorsSettings>("Cors", "Cors:Origins=https://a.example;Cors:Origins:0=https://b.example")
        );

        Assert.Equal(
            "Cors:Origins is set both as one text with commas and as Cors:Origins:0; use one of the two forms.",
            exception.Message
        );
    }

    [Theory]
    [InlineData("Jobs=4")]
    [InlineData("JOBS=4")]
    public void A_variable_of_another_program_that_is_named_like_a_section_changes_nothing(string settings) =>
        Assert.Equal(new JobSettings().Concurrency, Bind<JobSettings>("Jobs", settings).Concurrency);

    [Fact]
    public void Names_are_not_case_sensitive() =>
        Assert.Equal(3, Bind<JobSettings>("Jobs", "JOBS:CONCURRENCY=3").Concurrency);

    [Fact]
    public void All_errors_of_a_section_are_reported_at_once()
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            Bind<JobSettings>("Jobs", "Jobs:Enabled=maybe;Jobs:Concurrency=many;Jobs:Lease=00:00:10")
        );

        Assert.Equal(
            [
                "Jobs:Concurrency must be a whole number; it is 'many'.",
                "Jobs:Enabled must be true or false; it is 'maybe'.",
            ],
            exception.Failures.Take(2)
        );
        Assert.StartsWith(
            "Unknown setting Jobs:Lease. Jobs supports: Enabled, ",
            exception.Failures.Last(),
            StringComparison.Ordinal
        );
    }

    private static T Bind<T>(string section, string settings)
        where T : class
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            settings
                .Split(';')
                .Select(one => one.Split('=', 2))
                .Select(one => KeyValuePair.Create(one[0], (string?)one[1]))
        );
        builder.AddSettings<T>(section);
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<T>();
    }
}
