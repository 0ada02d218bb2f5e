import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const running = new Set<ChildProcess>();

export type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type RunningProcess = {
  pid: number;
  /** The complete lines of both streams so far. */
  lines: { stdout: string[]; stderr: string[] };
  /** The first matching line, past or future; rejects if the process ends without it. */
  line: (pattern: RegExp, options?: { from?: 'stdout' | 'stderr'; timeoutMs?: number }) => Promise<RegExpExecArray>;
  exited: Promise<Exit>;
  /** Sends SIGTERM by default; resolves when the process has ended. */
  stop: (signal?: NodeJS.Signals) => Promise<Exit>;
  /** Without warning or cleanup, like the kernel or a pulled plug. */
  kill9: () => Promise<Exit>;
  write: (text: string) => void;
};
export type ProcessOptions = { args?: string[]; env?: Record<string, string>; stdin?: string; cwd?: string };

/**
 * Starts `node --import tsx <script>`. The child gets only PATH, HOME and what `env` says: a test must not pass because
 * of what the developer's shell holds.
 *
 * @param script path from the root of the project, such as `src/cli.ts`
 */
export function startScript(script: string, options: ProcessOptions = {}): RunningProcess {
  return startProcess(process.execPath, ['--import', 'tsx', script, ...(options.args ?? [])], options);
}

/** Runs a script to its end. */
export function runScript(script: string, options: ProcessOptions = {}) {
  return toItsEnd(startScript(script, { stdin: '', ...options }));
}

/** How the process ended, and everything it wrote. */
export async function toItsEnd(child: RunningProcess) {
  const exit = await child.exited;
  return { ...exit, stdout: child.lines.stdout.join('\n'), stderr: child.lines.stderr.join('\n') };
}

export function startProcess(
  program: string,
  args: string[],
  options: Omit<ProcessOptions, 'args'> = {},
): RunningProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: { PATH, HOME, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.stdin.on('error', () => undefined); // the child may end without reading
  if (options.stdin !== undefined) child.stdin.end(options.stdin);

  const watchers = new Set<() => void>();
  const lines = { stdout: collect(child.stdout, watchers), stderr: collect(child.stderr, watchers) };
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    // 'close' follows the last output; 'exit' may precede it
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
      for (const watcher of watchers) watcher();
    });
  });
  exited.catch(() => running.delete(child));

  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    lines,
    exited,
    stop,
    kill9: () => stop('SIGKILL'),
    write: (text) => child.stdin.write(text),
    line: (pattern, { from = 'stdout', timeoutMs = 20_000 } = {}) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          watchers.delete(look);
          settle();
        };
        const refuse = (why: string) => {
          const said = [...lines.stdout, ...lines.stderr].slice(-20).join('\n');
          finish(() => reject(new Error(`${why} before it wrote ${pattern.source}\n${said}`)));
        };
        const look = () => {
          for (const line of lines[from]) {
            const match = new RegExp(pattern).exec(line);
            if (match) {
              finish(() => resolve(match));
              return;
            }
          }
          if (!running.has(child)) refuse('the process ended');
        };
        const timer = setTimeout(() => refuse(`${timeoutMs} ms passed`), timeoutMs);
        watchers.add(look);
        look();
      }),
  };
}

function collect(stream: NodeJS.ReadableStream, watchers: Set<() => void>): string[] {
  const lines: string[] = [];
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const watcher of watchers) watcher();
  });
  stream.on('end', () => {
    if (rest !== '') lines.push(rest);
    for (const watcher of watchers) watcher();
  });
  return lines;
}

/** Ends the processes that are still running. Under jest this happens after every test file. */
export async function stopAllProcesses(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      return gone;
    }),
  );
}

if (typeof afterAll === 'function') afterAll(stopAllProcesses);
