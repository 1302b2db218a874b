using Microsoft.Extensions.Options;
using Serilog.Events;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Gives the framework's loggers the levels that Serilog has, so that what is off costs a comparison, and takes them over when they change.</summary>
/// <remarks>Without it the framework would stop everything below Information before Serilog is asked.</remarks>
internal sealed class LogLevels(IConfiguration configuration) : IConfigureOptions<LoggerFilterOptions>
{
    private const string Section = "Serilog:MinimumLevel";

    public void Configure(LoggerFilterOptions options)
    {
        var section = configuration.GetSection(Section);
        options.MinLevel = Parse(section["Default"] ?? section.Value) ?? LogLevel.Information;
        foreach (var category in section.GetSection("Override").GetChildren())
        {
            if (Parse(category.Value) is { } level)
            {
                options.Rules.Add(new LoggerFilterRule(null, category.Key, level, null));
            }
        }
    }

    private static LogLevel? Parse(string? text) =>
        Enum.TryParse<LogEventLevel>(text, ignoreCase: true, out var level) ? (LogLevel)(int)level : null;
}
