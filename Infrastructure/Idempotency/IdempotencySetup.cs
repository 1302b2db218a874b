namespace MarketsApi.Infrastructure.Idempotency;

/// <summary>Requests that can be sent again without being done twice.</summary>
internal static class IdempotencySetup
{
    public static void AddIdempotency(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<IdempotencyFilter>();
}
