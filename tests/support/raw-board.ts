import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A board's connection by hand, bytes and all. */
export interface RawBoard {
  socket: Socket;
  /** The last of what came, frames and all, while the socket is read. */
  heard(): string;
  /** Sends bytes as they are, inside no frame. */
  sendRaw(bytes: Buffer): void;
  /** Sends one masked frame; opcode 1 is text. */
  send(data: Buffer | string, opcode?: number): void;
}

const KEY = Buffer.from('sixteen bytes ok').toString('base64');

/** Asks to be upgraded and resolves when something was answered. */
export async function openRawBoard(port: number, query: string, headers = ''): Promise<RawBoard> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (chunk) => {
    heard = (heard + chunk.toString('latin1')).slice(-100_000);
  });
  const answered = Promise.race([once(socket, 'data'), once(socket, 'close')]);
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket&${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${headers}\r\n`,
  );
  await answered;
  return {
    socket,
    heard: () => heard,
    sendRaw: (bytes) => void (socket.writable && socket.write(bytes)),
    send: (data, opcode = 1) => void (socket.writable && socket.write(frameOf(Buffer.from(data), opcode))),
  };
}

/** Final, masked with zeros. */
export function frameOf(data: Buffer, opcode: number): Buffer {
  const { length } = data;
  const size =
    length < 126
      ? Buffer.from([0x80 | length])
      : length < 65_536
        ? Buffer.from([0xfe, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0]), uint32(length)]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), size, Buffer.alloc(4), data]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
