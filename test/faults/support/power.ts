import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./power.c', import.meta.url));

/**
 * The power of the machine that a server's files are on. With `env` the server runs on a disk that holds no more than what
 * was synced; `lose` is the moment after the power came back. Needs `gcc`.
 */
export class Power {
  private readonly own = mkdtempSync(join(tmpdir(), 'madang-power-'));
  private readonly disk = join(this.own, 'disk');
  private readonly library = join(this.own, 'power.so');

  /** All that is in the folder now is on the disk. */
  constructor(private readonly dir: string) {
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', this.library, SOURCE, '-ldl', '-lpthread']);
    this.copy(dir, this.disk);
  }

  get env(): Record<string, string> {
    return { LD_PRELOAD: this.library, POWER_DIR: this.dir, POWER_DISK: this.disk };
  }

  /** What was never synced is gone from the folder. Its server has been killed. */
  lose(): void {
    this.copy(this.disk, this.dir);
  }

  remove(): void {
    rmSync(this.own, { recursive: true });
  }

  private copy(from: string, to: string): void {
    rmSync(to, { recursive: true, force: true });
    // What SQLite shares between processes is memory.
    cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('-shm') });
  }
}
