// Counts jobs without work. Of each series, whose sizes JOB_SERIES names, it says how long it took and how late its jobs began.
const sizes = (process.env.JOB_SERIES ?? "1").split(",").map(Number);
let delays = [];
let began;

export function count(queuedAt) {
  if (delays.length === 0) {
    began = performance.now();
  }

  delays.push(Date.now() - queuedAt);
  if (delays.length === sizes[0]) {
    const seconds = (performance.now() - began) / 1000;
    delays.sort((a, b) => a - b);
    const at = (share) => delays[Math.floor(delays.length * share)].toFixed(1);
    console.log(`series ${delays.length} ${(delays.length / seconds).toFixed(1)} ${at(0.5)} ${at(0.95)}`);
    sizes.shift();
    delays = [];
  }
}
