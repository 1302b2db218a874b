// The statements, each with the name under which a connection prepares it once.
const fields = `m.id, m.name, m.category, m.status, m.outcome, m.volume,
  m.yes_pool AS "yesPool", m.no_pool AS "noPool", m.ends_at AS "endsAt", m.created_at AS "createdAt",
  m.updated_at AS "updatedAt", m.version, m.creator_id AS "creatorId"`;
const creator = `u.display_name AS "creatorName"`;

const page = (name, filter, order) => ({
  name,
  text: `SELECT ${fields}, ${creator}
    FROM markets m JOIN users u ON u.id = m.creator_id
    WHERE m.status = $1${filter}
    ORDER BY m.${order} DESC, m.id DESC
    LIMIT $2 OFFSET $3`,
});

export const list = {
  volume: page("list-by-volume", "", "volume"),
  createdAt: page("list-by-created-at", "", "created_at"),
};

export const listCategory = {
  volume: page("list-category-by-volume", " AND m.category = $4", "volume"),
  createdAt: page("list-category-by-created-at", " AND m.category = $4", "created_at"),
};

export const get = {
  name: "get-market",
  text: `SELECT ${fields}, m.description, ${creator}
    FROM markets m JOIN users u ON u.id = m.creator_id
    WHERE m.id = $1 AND m.status <> 'draft'`,
};

// Each user who writes has a row, with the name of the token. ON CONFLICT locks it even to change nothing, and all of one
// user's writes would queue.
const upsertUser = (from) => `INSERT INTO users (id, display_name, email, created_at)
    SELECT $1, $2, $3, $4 ${from}
    WHERE NOT EXISTS (SELECT FROM users WHERE id = $1 AND display_name = $2)
    ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, email = excluded.email`;

export const create = {
  name: "create-market",
  text: `WITH creator AS (
      ${upsertUser("")}
    ), m AS (
      INSERT INTO markets (id, name, description, category, status, ends_at, created_at, updated_at, creator_id)
      VALUES ($5, $6, $7, $8, 'active', $9, $4, $4, $1)
      RETURNING *
    )
    SELECT ${fields}, m.description, $2 AS "creatorName" FROM m`,
};

export const columns = { name: "name", description: "description", category: "category", endsAt: "ends_at" };

export const update = (changed) => ({
  name: `update-market-${changed.join("-")}`,
  text: `WITH m AS (
      UPDATE markets
      SET ${changed.map((field, i) => `${columns[field]} = $${i + 4}, `).join("")}
          updated_at = $3, version = version + 1
      WHERE id = $1 AND creator_id = $2
      RETURNING *
    )
    SELECT ${fields}, m.description, ${creator} FROM m JOIN users u ON u.id = m.creator_id`,
});

export const openPosition = {
  name: "open-position",
  text: `WITH market AS (
      UPDATE markets
      SET volume = volume + $7,
          yes_pool = yes_pool + CASE $6 WHEN 'yes' THEN $7 ELSE 0 END,
          no_pool = no_pool + CASE $6 WHEN 'no' THEN $7 ELSE 0 END
      WHERE id = $5 AND status = 'active' AND ends_at > $4
      RETURNING id
    ), holder AS (
      ${upsertUser("FROM market")}
    )
    INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
    SELECT $8, market.id, $1, $6, $7, $4 FROM market
    RETURNING id`,
};
