// Preloaded into a server under test: its clock is wrong, and may be set while it runs. `CLOCK_AHEAD_MS` is by how much;
// with `CLOCK_STEPS_MS` it is ahead and behind by turns of that length.
const ahead = Number(process.env['CLOCK_AHEAD_MS']);
const turn = Number(process.env['CLOCK_STEPS_MS'] ?? 0);
const { now } = Date;

function wrong() {
  const right = now();
  const isBehind = turn > 0 && Math.floor(right / turn) % 2 === 1;
  return right + (isBehind ? -ahead : ahead);
}

Date.now = wrong;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [wrong()], self),
});
