// The program as it is, whose rate limits can be turned on and off while it runs: two processes differ by more than they cost.
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.LimiterSwitch;

[assembly: HostingStartup(typeof(LimiterSwitchStartup))]

// The program looks for hosting startups only where a setting names one.
Environment.SetEnvironmentVariable("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "LimiterSwitch");
return (int)typeof(IJob).Assembly.EntryPoint!.Invoke(null, [args])!;
