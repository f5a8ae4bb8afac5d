import type { ServerOptions } from 'socket.io';
import { SECOND } from '../../shared/time.ts';

/** Boards never send anything but where they belong and the token that lets them in. */
export const BOARD_FRAME_MAX_BYTES = 4_096;

/**
 * How the Socket.IO server of the boards is made. Websocket alone, for a broadcast is then framed once. No deflate: it
 * multiplies the work and the memory of a push by six and more. No recovery of missed packets: every snapshot is whole.
 */
export const boardServerOptions = {
  transports: ['websocket'],
  allowUpgrades: false,
  perMessageDeflate: false,
  httpCompression: false,
  maxHttpBufferSize: BOARD_FRAME_MAX_BYTES,
  serveClient: false,
  pingInterval: 10 * SECOND,
  pingTimeout: 10 * SECOND,
  connectTimeout: 10 * SECOND,
} satisfies Partial<ServerOptions>;
