// The program as it is, with one more kind of job, which does nothing but count itself.
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.TrivialJob;

[assembly: HostingStartup(typeof(TrivialJobStartup))]

return await (Task<int>)typeof(IJob).Assembly.EntryPoint!.Invoke(null, [args])!;
