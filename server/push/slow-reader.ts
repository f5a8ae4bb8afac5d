import type { Socket } from 'socket.io';

/** A board for which this much is held is a dozen snapshots behind what the system's buffers took, and will not catch up. */
export const WAITING_MAX_BYTES = 512 * 1_024;

/** The memory held for one reader: with the system's buffers full, in Node's, and behind it in Engine.IO's. */
export function waitingBytes(socket: Socket): number {
  const { conn } = socket;
  let bytes = conn.request.socket.writableLength;
  // biome-ignore lint/complexity/useLiteralKeys: private, but the only account of what Engine.IO holds without limit
  for (const { data } of conn['writeBuffer']) if (typeof data === 'string') bytes += heldFor(data);
  return bytes;
}

/** A waiting message is held twice: as a string, of up to two bytes a character, and framed for the wire. */
function heldFor(message: string): number {
  return 2 * message.length + Buffer.byteLength(message);
}

/** Cuts the connection of a reader that is too slow; true when it was. A goodbye could not reach it. */
export function cutIfSlow(socket: Socket): boolean {
  if (waitingBytes(socket) <= WAITING_MAX_BYTES) return false;
  socket.conn.request.socket.destroy();
  return true;
}
