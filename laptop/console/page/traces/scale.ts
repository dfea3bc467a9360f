/** Time from left to right, in parts of 100. */
export interface Scale {
  at: (time: number) => number;
  /** Stretches in which nothing runs, drawn shorter than they were. */
  folds: { from: number; to: number }[];
  /** Milliseconds since the beginning, and where they are. */
  ticks: { at: number; left: number }[];
}

type Stretch = [from: number, to: number];

/** Of the whole, so long a fold is drawn. */
const FOLD = 0.06;
/** A gap is folded where it is longer than so much of all that runs. */
const LONG = 0.5;
const TICK_DISTANCE = 9;

export function makeScale(all: Stretch[], busy: Stretch[]): Scale {
  const start = Math.min(...all.map(([from]) => from));
  const end = Math.max(start + 1, ...all.map(([, to]) => to));
  const gaps = gapsOf(busy, start, end);
  const running = end - start - sum(gaps);
  const folds = gaps.filter((gap) => length(gap) > Math.max(LONG * running, 20));
  const drawn = end - start - sum(folds);
  const fold = (drawn * FOLD) / (1 - Math.min(0.6, FOLD * folds.length));
  const width = drawn + fold * folds.length;
  const at = (time: number) => {
    let x = Math.min(end, Math.max(start, time)) - start;
    for (const [from, to] of folds) {
      if (time <= from) break;
      const inside = Math.min(time, to) - from;
      x += (inside / (to - from)) * fold - inside;
    }
    return (x / width) * 100;
  };
  const ticks = ticksOf(start, end, folds, width, at);
  return { at, ticks, folds: folds.map(([from, to]) => ({ from, to })) };
}

const length = ([from, to]: Stretch) => to - from;
const sum = (stretches: Stretch[]) => stretches.reduce((total, each) => total + length(each), 0);

function gapsOf(busy: Stretch[], start: number, end: number): Stretch[] {
  const gaps: Stretch[] = [];
  let until = start;
  for (const [from, to] of busy.toSorted(([a], [b]) => a - b)) {
    if (from > until) gaps.push([until, from]);
    until = Math.max(until, to);
  }
  if (end > until) gaps.push([until, end]);
  return gaps;
}

/** Round times where time runs evenly, and where it does so again after a fold. */
function ticksOf(
  start: number,
  end: number,
  folds: Stretch[],
  width: number,
  at: Scale["at"],
): Scale["ticks"] {
  const step = round(width / 6);
  const times = [start, ...folds.map(([, to]) => to)];
  for (let time = start + step; time < end; time += step) {
    if (times.length > 100) break;
    const fold = folds.find(([from, to]) => from <= time && time < to);
    if (fold) time = start + Math.floor((fold[1] - start) / step) * step;
    else times.push(time);
  }
  const ticks: Scale["ticks"] = [];
  for (const time of times.sort((a, b) => a - b)) {
    const left = at(time);
    if (left - (ticks.at(-1)?.left ?? -TICK_DISTANCE) < TICK_DISTANCE || left > 99) continue;
    ticks.push({ at: time - start, left });
  }
  return ticks;
}

/** The next 1, 2 or 5 with zeros. */
function round(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 2, 5].find((each) => each * power >= value) ?? 10) * power;
}
