import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** While somebody works on the files, they are looked at again after so many milliseconds. */
const STALE_MS = 1000;

/**
 * A short name of what is in the public folder: another content, another name. An address that carries it (`?v=…`) may be
 * cached for ever. In production it is computed once; otherwise again when it is asked for after a while.
 */
export class AssetVersion {
  private value: string;
  private madeAt: number;

  constructor(
    private readonly folder: string,
    private readonly production: boolean,
  ) {
    this.value = versionOf(folder);
    this.madeAt = performance.now();
  }

  get current(): string {
    if (!this.production && performance.now() - this.madeAt > STALE_MS) {
      this.value = versionOf(this.folder);
      this.madeAt = performance.now();
    }
    return this.value;
  }
}

function versionOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) {
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('base64url').slice(0, 10);
}
