using System.Text.Json.Serialization;
using MarketsApi.Infrastructure.OpenApi;

[assembly: ApiTag("Jobs", "Background work of the program, and its results.")]

namespace MarketsApi.Features.Shared.Jobs;

/// <summary>The response to a request that queued a job.</summary>
/// <param name="Data">The job.</param>
public sealed record QueuedJob(QueuedJobId Data)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-2)]
    public bool Success => true;

    /// <summary>What was done.</summary>
    /// <example>Job queued</example>
    [JsonPropertyOrder(-1)]
    public string Message => "Job queued";

    /// <summary>202 with the address of the job, where its state can be followed.</summary>
    public static Accepted<QueuedJob> AcceptedResponse(Guid jobId) =>
        TypedResults.Accepted($"/api/jobs/{jobId}", new QueuedJob(new QueuedJobId(jobId)));
}

/// <summary>The queued job.</summary>
/// <param name="JobId">The job's id.</param>
public sealed record QueuedJobId(Guid JobId);
