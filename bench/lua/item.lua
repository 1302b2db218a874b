-- GETs of the ids that stand in a file, a line each, in random order.
dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "report.lua")

function init(args)
  requests = {}
  for id in io.lines(args[1]) do
    table.insert(requests, wrk.format("GET", wrk.path .. id))
  end
  math.randomseed(os.time())
end

function request()
  return requests[math.random(#requests)]
end
