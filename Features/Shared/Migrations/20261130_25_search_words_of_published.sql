-- The migration that took drafts out of search could lose words: of drafts that were published after it had read the notes and before it noted
-- the drafts again. Whatever changed since it began, less ten minutes for clocks that differ, is noted once more.
INSERT INTO search_unlearned (market_id)
SELECT id
FROM markets
WHERE status <> 'draft'
    AND updated_at >= (
        SELECT applied_at - interval '10 minutes' FROM schema_migrations WHERE name = '20261129_21_search_without_drafts.sql'
    );
