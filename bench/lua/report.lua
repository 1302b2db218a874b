-- One line for bench/lib/measure.sh: requests, requests/s, p50 and p99 in ms, and how many requests failed.
function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format("measured %d %.1f %.3f %.3f %d",
    summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
