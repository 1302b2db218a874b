using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Infrastructure.Jobs;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(RecordedJob.Startup))]

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A kind of job whose only effect is to say in a table that it runs, where, and until when; a hosting startup brings it into a real process.</summary>
public sealed class RecordedJob(Database database, RecordedJob.Pace pace) : IJob
{
    /// <summary>Where it writes.</summary>
    public const string Table = """
        CREATE TABLE job_runs (
            job_id uuid NOT NULL,
            attempt integer NOT NULL,
            process integer NOT NULL,
            began_at timestamptz NOT NULL,
            ended_at timestamptz
        )
        """;

    private const string Begin = """
        INSERT INTO job_runs (job_id, attempt, process, began_at)
        VALUES (@JobId, @Attempt, @ProcessId, clock_timestamp())
        """;

    private const string End = """
        UPDATE job_runs SET ended_at = clock_timestamp()
        WHERE job_id = @JobId AND attempt = @Attempt AND process = @ProcessId
        """;

    /// <inheritdoc/>
    public string Kind => "recorded";

    /// <inheritdoc/>
    public async Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            run.JobId,
            run.Attempt,
            Environment.ProcessId,
        };
        await database.ExecuteAsync(Begin, parameters, cancellationToken);
        await Task.Delay(pace.Duration, cancellationToken);
        await database.ExecuteAsync(End, parameters, cancellationToken);
    }

    /// <summary>How long it takes.</summary>
    public sealed record Pace(TimeSpan Duration);

    /// <summary>Adds this kind to a program that is started with ASPNETCORE_HOSTINGSTARTUPASSEMBLIES naming the tests.</summary>
    public sealed class Startup : IHostingStartup
    {
        /// <inheritdoc/>
        public void Configure(IWebHostBuilder builder) =>
            builder.ConfigureServices(services =>
            {
                services.AddSingleton(new Pace(TimeSpan.FromMilliseconds(15)));
                services.AddSingleton<IJob, RecordedJob>();
                services.AddSingleton<IJob, KillingJob>();
                if (RecurringRecordedJob.IsWanted)
                {
                    services.AddSingleton<IJob, RecurringRecordedJob>();
                }
            });
    }
}
