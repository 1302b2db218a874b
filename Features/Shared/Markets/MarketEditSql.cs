using MarketsApi.Features.Shared.Jobs;
using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.Shared.Markets;

internal static class MarketEditSql
{
    /// <summary>The market as it is, held until the transaction ends; what happens until then is this user's doing (<c>app.user_id</c>, for triggers).</summary>
    public const string SelectForUpdate = $"""
        SELECT {MarketSql.Columns}, u.display_name AS creator_display_name,
               set_config('app.user_id', @UserId, true)
        FROM markets m
        JOIN users u ON u.id = m.creator_id
        WHERE m.id = @Id
        FOR NO KEY UPDATE OF m
        """;

    /// <summary>The changed market, the row of the user who changed it, and the job that indexes it when its searched text has changed.</summary>
    public const string Update = $"""
        WITH editor AS (
            {UserSql.Upsert}
        ),
        queued AS (
            {EnqueueSql.Insert}
            SELECT @JobId, 'index-market', @Id, @Id::text, @Now, @Now, @TraceParent
            WHERE @IsIndexed
            {EnqueueSql.OrHurry}
        )
        UPDATE markets
        SET name = @Name,
            description = @Description,
            category = @Category,
            status = @Status,
            outcome = @Outcome,
            ends_at = @EndsAt,
            resolved_at = @ResolvedAt,
            updated_at = @Now,
            version = @Version
        WHERE id = @Id
        """;
}
