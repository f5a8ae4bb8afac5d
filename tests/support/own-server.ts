import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** With its children, or some of them would go on serving for seconds. */
export function endWithChildren(child: ChildProcess | null): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGTERM');
}

/** Who a server of a test runs as: as root it drops to `nobody`; an ordinary user it stays. */
export interface Account {
  user: string;
  group: string;
  uid: number;
  gid: number;
  isRoot: boolean;
}

export function account(): Account {
  const isRoot = process.getuid?.() === 0;
  const id = (...args: string[]): string => execFileSync('id', args, { encoding: 'utf8' }).trim();
  const user = isRoot ? 'nobody' : id('-un');
  return { user, group: id('-gn', user), uid: Number(id('-u', user)), gid: Number(id('-g', user)), isRoot };
}

/** What a command begins with to run as that. */
export function dropTo({ isRoot, uid, gid }: Account): string[] {
  return isRoot ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] : [];
}

export function own(path: string, { isRoot, uid, gid }: Account): void {
  if (isRoot) chownSync(path, uid, gid);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Asks whether a server greets until it does: its port opens before it is ready. @throws Error with its log when it never is. */
export async function untilItGreets(
  name: string,
  greets: () => Promise<boolean>,
  log: () => string,
): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await greets()) return;
    await delay(25);
  }
  throw new Error(`${name} did not start:\n${log()}`);
}
