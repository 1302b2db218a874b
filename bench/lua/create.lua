-- POSTs of new markets, each with a name and an end of its own; the token is an argument, and `keyed` behind it
-- gives each an Idempotency-Key.
dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "report.lua")

local body = '{"name":"%s happens?","description":"' .. os.getenv("BENCH_DESCRIPTION") .. '",'
  .. '"category":"benchmark","endsAt":"20%02d-%02d-%02dT%02d:%02d:00Z"}'

local keyed = false

function init(args)
  keyed = args[2] == "keyed"
  math.randomseed(os.time())
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local name = string.format("%08x%08x%08x", math.random(0, 2 ^ 31 - 1), math.random(0, 2 ^ 31 - 1), math.random(0, 2 ^ 31 - 1))
  if keyed then
    wrk.headers["Idempotency-Key"] = name
  end
  return wrk.format("POST", nil, nil, string.format(body, name,
    math.random(30, 99), math.random(1, 12), math.random(1, 28), math.random(0, 23), math.random(0, 59)))
end
