-- Follows nextCursor from page to page on one connection, and prints the cursor behind the last of so many pages.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  wanted, pages, cursor = tonumber(args[1]), 0, nil
  path = wrk.path
end

function request()
  return wrk.format("GET", cursor and path .. "&cursor=" .. cursor or path)
end

function response(status, headers, body)
  cursor = status == 200 and body:match('"nextCursor":"([^"]*)"')
  pages = pages + 1
  if not cursor or pages == wanted then
    wrk.thread:stop()
  end
end

function done()
  for _, thread in ipairs(threads) do
    if thread:get("pages") == tonumber(thread:get("wanted")) then
      print("walked " .. (thread:get("cursor") or ""))
    end
  end
end
