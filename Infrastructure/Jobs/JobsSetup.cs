using MarketsApi.Infrastructure.Settings;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Background jobs: their kinds are found, and run in the process that serves.</summary>
internal static class JobsSetup
{
    public static void AddJobs(this WebApplicationBuilder builder)
    {
        builder.AddSettings<JobSettings>(JobSettings.Section);
        var services = builder.Services;
        var kinds = typeof(Program)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IJob)));
        foreach (var kind in kinds)
        {
            services.AddSingleton(typeof(IJob), kind);
        }

        services.AddSingleton<JobCatalog>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<JobBackoff>();
        services.AddSingleton<LeasedJobs>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobCompletionWriter>();
        services.AddSingleton<JobExecutor>();
        services.AddSingleton<JobLeases>();
        services.AddSingleton<JobMaintenance>();
        services.AddHostedService<JobWorker>();
    }

    /// <summary>Creates the jobs now: two of one kind stop the program instead of leaving one of them undone.</summary>
    public static void CheckJobs(this WebApplication app) => _ = app.Services.GetRequiredService<JobCatalog>();
}
