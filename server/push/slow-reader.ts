import type { Socket } from 'socket.io';

/** A board with this much waiting to be read is some hundred snapshots behind and will not catch up. */
export const WAITING_MAX_BYTES = 1_048_576;

/** What waits for one reader: with the system's buffers full, in Node's, and behind it in Engine.IO's. */
export function waitingBytes(socket: Socket): number {
  const { conn } = socket;
  let bytes = conn.request.socket.writableLength;
  // biome-ignore lint/complexity/useLiteralKeys: private, but the only account of what Engine.IO holds without limit
  for (const { data } of conn['writeBuffer']) bytes += typeof data === 'string' ? data.length : 0;
  return bytes;
}

/** Cuts the connection of a reader that is too slow; true when it was. A goodbye could not reach it. */
export function cutIfSlow(socket: Socket): boolean {
  if (waitingBytes(socket) <= WAITING_MAX_BYTES) return false;
  socket.conn.request.socket.destroy();
  return true;
}
