import type { RunningProcess } from './processes.js';

/** A process that is restarted as soon as it ends, whether killed or not. */
export class Restarted {
  private current: RunningProcess;
  private isOver = false;
  /** all lines from all of its processes */
  readonly said: string[] = [];
  /** the address it listens on, once it does */
  ready: Promise<string>;

  constructor(private readonly start: () => RunningProcess) {
    this.current = start();
    this.ready = this.listening();
  }

  private listening(): Promise<string> {
    const mine = this.current;
    const ready = mine.line(/"port":(\d+).*"msg":"listening"/, { timeoutMs: 60_000 }).then(
      ([, port = '']) => `http://127.0.0.1:${port}`,
      (error: unknown) => {
        // Either it was killed before it was up and has a successor, or it refused to start, for example without a
        // database.
        if (this.current === mine && !this.isOver) this.startAgain();
        if (this.current === mine) throw error;
        return this.ready;
      },
    );
    ready.catch(() => undefined);
    return ready;
  }

  private startAgain(): void {
    const { stdout, stderr } = this.current.lines;
    this.said.push(...stdout, ...stderr);
    this.current = this.start();
    this.ready = this.listening();
  }

  async kill(): Promise<void> {
    const killed = this.current;
    await killed.kill9();
    if (this.current === killed) this.startAgain();
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.current.kill9();
    this.said.push(...this.current.lines.stdout, ...this.current.lines.stderr);
  }
}
