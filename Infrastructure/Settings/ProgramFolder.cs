namespace MarketsApi.Infrastructure.Settings;

/// <summary>The folder of appsettings.json: the program's own, wherever it is called from, unless another is named.</summary>
internal static class ProgramFolder
{
    private const string Key = "contentRoot";

    /// <summary>The program's builder, with all of its settings.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var options = new WebApplicationOptions
        {
            Args = [.. args.Select(WithColons)],
            ContentRootPath = IsNamed(args) ? null : AppContext.BaseDirectory,
        };
        var builder = WebApplication.CreateBuilder(options);
        EnvironmentSettings.AddTo(builder);
        FrameworkSettings.Check(builder.Configuration);
        builder.AddSettingChecks();
        return builder;
    }

    /// <summary>The settings without a host and without arguments, for what has to be quick.</summary>
    public static IConfiguration ReadSettings()
    {
        var host = new ConfigurationBuilder()
            .AddEnvironmentVariables("DOTNET_")
            .AddEnvironmentVariables("ASPNETCORE_")
            .Build();
        return new ConfigurationBuilder()
            .SetBasePath(Path.GetFullPath(host[Key] ?? AppContext.BaseDirectory))
            .AddConfiguration(host)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{host["environment"] ?? Environments.Production}.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
    }

    /// <summary>A setting on the command line as the framework reads it; many write it as in the environment, <c>--Section__Name=value</c>.</summary>
    private static string WithColons(string arg)
    {
        var end = arg.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? arg : arg[..end].Replace("__", ":", StringComparison.Ordinal) + arg[end..];
    }

    private static bool IsNamed(string[] args) =>
        IsSet("ASPNETCORE_CONTENTROOT")
        || IsSet("DOTNET_CONTENTROOT")
        || Array.Exists(args, arg => arg.StartsWith($"--{Key}", StringComparison.OrdinalIgnoreCase));

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
