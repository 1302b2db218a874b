using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace MarketsApi.Infrastructure.Http.Server;

/// <summary>Smaller responses for those who ask for them.</summary>
internal static class CompressionSetup
{
    public static void AddCompression(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EntityTagCompressionProvider>();
        builder.Services.AddSingleton<IResponseCompressionProvider>(services =>
            services.GetRequiredService<EntityTagCompressionProvider>()
        );
        builder.Services.AddResponseCompression(options =>
        {
            // No response mixes a secret with what its caller sent, so compression under TLS gives nothing away (BREACH).
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, Errors.ProblemResult.ContentType];
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(options =>
            options.Level = CompressionLevel.Fastest
        );
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }
}
