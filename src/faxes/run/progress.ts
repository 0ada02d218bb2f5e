import type { World } from '../../platform/world.js';
import type { RunProgress } from './pull-run.js';

/** Where progress is shown. Not where results are printed. */
export type ProgressScreen = {
  /** How wide it is if it is a terminal; null if it is not one. */
  columns: () => number | null;
  write: (text: string) => void;
};

const REDRAW_MS = 250;
const LINE_MS = 60_000;
const BAR_CELLS = 24;

/** Shows a bar on a terminal, and a line a minute anywhere else. */
export function progressOn(screen: ProgressScreen, world: Pick<World, 'wait'>) {
  const ended = new AbortController();
  let now: RunProgress = { clinics: 0, done: 0, fetched: 0, open: 0 };
  const isTerminal = screen.columns() !== null;
  const draw = () => {
    const columns = screen.columns();
    if (columns !== null) screen.write(`\r\u001B[K${barOf(now, columns - 1)}`);
    else screen.write(`${textOf(now)}\n`);
  };
  const running = (async () => {
    for (;;) {
      if (isTerminal) draw();
      await world.wait(isTerminal ? REDRAW_MS : LINE_MS, ended.signal);
      if (ended.signal.aborted) return;
      if (!isTerminal) draw();
    }
  })();
  return {
    show: (progress: RunProgress) => {
      now = progress;
    },
    /** A line of its own, above the bar. */
    note: (line: string) => screen.write(`${isTerminal ? '\r\u001B[K' : ''}${line}\n`),
    end: async () => {
      ended.abort();
      await running;
      draw();
      if (isTerminal) screen.write('\n');
    },
  };
}

export const textOf = ({ clinics, done, fetched, open }: RunProgress): string =>
  `${done} of ${clinics} clinics, ${fetched} faxes fetched, ${open} to fetch`;

/** Cut to the width, so that it stays one line. */
export function barOf(progress: RunProgress, columns: number): string {
  const { clinics, done } = progress;
  const filled = clinics === 0 ? 0 : Math.floor((done * BAR_CELLS) / clinics);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${textOf(progress)}`.slice(0, Math.max(0, columns));
}
