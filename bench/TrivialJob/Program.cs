// The program as it is, with one more kind of job, which does nothing but count itself.
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.TrivialJob;

[assembly: HostingStartup(typeof(TrivialJobStartup))]

// The program looks for hosting startups only where a setting names one.
Environment.SetEnvironmentVariable("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "TrivialJob");
return (int)typeof(IJob).Assembly.EntryPoint!.Invoke(null, [args])!;
