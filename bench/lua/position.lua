-- POSTs of positions on the markets whose ids stand in a file, a line each, in random order; the token is the first argument.
dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "report.lua")

function init(args)
  paths = {}
  for id in io.lines(args[2]) do
    table.insert(paths, wrk.path .. id .. "/positions")
  end
  math.randomseed(os.time())
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local body = string.format('{"outcome":"%s","stake":%d.%02d}', math.random(2) == 1 and "yes" or "no", math.random(1, 99), math.random(0, 99))
  return wrk.format("POST", paths[math.random(#paths)], nil, body)
end
