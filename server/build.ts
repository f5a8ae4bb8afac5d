import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names the client's build: a board that was loaded from another one knows by it to load itself again. */
export function buildOf(clientDir: string): string {
  const index = join(clientDir, 'index.html');
  if (!existsSync(index)) return 'not built';
  return createHash('sha256').update(readFileSync(index)).digest('hex').slice(0, 12);
}
