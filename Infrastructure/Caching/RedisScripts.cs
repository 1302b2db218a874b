namespace MarketsApi.Infrastructure.Caching;

/// <summary>What happens inside Redis, each in one step.</summary>
/// <remarks>
/// A key holds <c>V|mark|version|revision|made at|body</c>, <c>N|mark|…</c> (not found), <c>T|mark|…</c> (deleted), or
/// <c>L|token</c>: an instance is reading the database. The mark is the epoch with the shape (<see cref="CacheKind"/>): readers ignore a value
/// with another mark, and writers delete it. Two rules make it safe. A reader stores only in place of its own lease, which every change and
/// every loss takes away (Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, section 3.2.1). A writer puts its response only in
/// place of an older one; where it finds none it can't know whether a newer one was lost in between, and leaves the key empty.
/// </remarks>
internal static class RedisScripts
{
    /// <summary>The value, or a lease where there is nothing usable: KEYS item; ARGV mark, token, lease in ms.</summary>
    /// <returns>The value, <c>L</c> for a lease that was granted, <c>W</c> where another reader has it.</returns>
    public const string FindOrLease = """
        local value = redis.call('GET', KEYS[1])
        if value then
          if string.sub(value, 1, 2) == 'L|' then return 'W' end
          if string.match(value, '^%a|([^|]*)|') == ARGV[1] then return value end
        end
        redis.call('SET', KEYS[1], 'L|' .. ARGV[2], 'PX', ARGV[3])
        return 'L'
        """;

    /// <summary>Stores what was read under a lease, if it still stands: KEYS item; ARGV token, value (empty to give the lease back), seconds.</summary>
    public const string Store = """
        if redis.call('GET', KEYS[1]) ~= 'L|' .. ARGV[1] then return 0 end
        if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
        return 1
        """;

    /// <summary>Notes a change and tells all instances: KEYS item; ARGV mark, version, revision, value (or empty), seconds, channel, message.</summary>
    /// <returns>How many instances get the message.</returns>
    public const string Change = """
        local value = redis.call('GET', KEYS[1])
        if value then
          local kind, mark, version, revision = string.match(value, '^(%a)|([^|]*)|(%d*)|?(%d*)')
          if kind == 'V' and mark == ARGV[1] then
            local order = tonumber(version) - tonumber(ARGV[2])
            if order == 0 then order = tonumber(revision) - tonumber(ARGV[3]) end
            if order < 0 then
              if ARGV[4] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[5]) end
            end
          elseif kind ~= 'T' or mark ~= ARGV[1] then
            redis.call('DEL', KEYS[1])
          end
        end
        return redis.call('PUBLISH', ARGV[6], ARGV[7])
        """;

    /// <summary>Notes a deletion, for longer than any read takes, and tells all instances: KEYS item; ARGV tombstone, seconds, channel, message.</summary>
    public const string Delete = """
        redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
        return redis.call('PUBLISH', ARGV[3], ARGV[4])
        """;

    /// <summary>Forgets an item and tells all instances: KEYS item; ARGV channel, message.</summary>
    public const string Forget = """
        redis.call('DEL', KEYS[1])
        return redis.call('PUBLISH', ARGV[1], ARGV[2])
        """;

    /// <summary>
    /// The epoch, without which no value counts: KEYS epoch; ARGV a new epoch's name, own channel, beat. A server that was restarted, perhaps from
    /// an old snapshot, or flushed begins a new one.
    /// </summary>
    public const string Beat = """
        local run = string.sub(string.match(redis.call('INFO', 'server'), 'run_id:(%w+)'), 1, 12)
        local epoch = redis.call('GET', KEYS[1])
        if not epoch or string.sub(epoch, 1, 12) ~= run then
          epoch = run .. ARGV[1]
          redis.call('SET', KEYS[1], epoch)
        end
        redis.call('PUBLISH', ARGV[2], ARGV[3])
        return epoch
        """;

    /// <summary>Begins a new epoch, which forgets everything, and tells all instances: KEYS epoch; ARGV its name, channel, message to put it behind.</summary>
    /// <returns>The new epoch.</returns>
    public const string ForgetAll = """
        local run = string.sub(string.match(redis.call('INFO', 'server'), 'run_id:(%w+)'), 1, 12)
        redis.call('SET', KEYS[1], run .. ARGV[1])
        redis.call('PUBLISH', ARGV[2], ARGV[3] .. run .. ARGV[1])
        return run .. ARGV[1]
        """;
}
