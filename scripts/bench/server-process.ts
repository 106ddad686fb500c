import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Clock ticks a second in /proc: fixed on Linux. */
const TICKS = 100;

/** A server under measurement, in a process of its own. */
export interface MeasuredServer {
  readonly port: number;
  readonly pid: number;
  /** Where its inspector listens, when it was started with `--inspect`. */
  readonly inspector: string | null;
  /** CPU seconds so far, user and system, all threads. */
  cpu(): number;
  /** Resident memory in bytes. */
  memory(): number;
  stop(): Promise<void>;
}

/** Starts a server and waits for the line in which it says its port, as `"port":N` or `port N`. */
export async function startServer(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<MeasuredServer> {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        const found = /"port":(\d+)|port (\d+)|:(\d+) \(Press CTRL/.exec(line);
        if (found) {
          resolve(Number(found[1] ?? found[2] ?? found[3]));
        }
      });
    }
    void exited.then(() => reject(new Error(`${command} ${args.join(' ')} ended:\n${lines.join('\n')}`)));
  });
  const pid = child.pid!;
  return {
    port,
    pid,
    inspector: /ws:\/\/\S+/.exec(lines.join('\n'))?.[0] ?? null,
    cpu: () => cpuSeconds(pid),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** CPU seconds of a process so far, user and system, all threads. */
export function cpuSeconds(pid: number): number {
  // The second field is the command in parentheses and may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
