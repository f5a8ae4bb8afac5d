import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A real file system of its own that holds little, mounted in a temporary folder. */
export interface SmallDisk extends Disposable {
  path: string;
  /** Leaves not a byte. */
  fill(): void;
  /** Takes away what `fill` wrote. */
  free(): void;
  /** Nothing on it may be changed any more, or again. Fails while a file on it is open for writing. */
  remount(how: 'ro' | 'rw'): void;
}

/** Why there can be no small disk here; null when there can. Mounting is for root alone. */
export const noSmallDisk: string | null =
  process.platform !== 'linux' || process.getuid?.() !== 0 || !canMount()
    ? 'a small disk is mounted by root on Linux only'
    : null;

export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'first-ring-test', folder.path]);
  const ballast = join(folder.path, 'ballast');
  return {
    path: folder.path,
    fill() {
      const file = openSync(ballast, 'a');
      try {
        for (const size of [65_536, 4_096, 1]) writeAll(file, Buffer.alloc(size));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast),
    remount: (how) => void execFileSync('mount', ['-o', `remount,${how}`, folder.path]),
    [Symbol.dispose]() {
      // Lazily: SQLite keeps a file open for this process when it could not be opened for writing.
      execFileSync('umount', ['--lazy', folder.path]);
      folder[Symbol.dispose]();
    },
  };
}

/** Writes the same again and again until there is no room for it. */
function writeAll(file: number, bytes: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, bytes) < bytes.length) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}

function canMount(): boolean {
  if (!existsSync('/bin/mount')) return false;
  using folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'first-ring-test', folder.path], {
      stdio: 'ignore',
    });
  } catch {
    return false;
  }
  execFileSync('umount', [folder.path]);
  return true;
}
