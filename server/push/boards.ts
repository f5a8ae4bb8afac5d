import type { Server, Socket } from 'socket.io';
import type { Snapshot } from '../../shared/figure.ts';
import { type Instant, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createPace, GAP_MIN_MS } from './pace.ts';
import { cutIfSlow } from './slow-reader.ts';

/** Slow readers are looked for this often. */
const SWEEP_EVERY_MS = SECOND;

/**
 * Sends whole snapshots to boards over Socket.IO, and nothing else. A client names its board in the handshake (query
 * or auth `board`; the first board when it names none), and gets `snapshot` events. One that names an unknown board
 * gets a `refused` event with a code and a reason, and is disconnected. What clients send is ignored.
 */
export interface Boards {
  /** Something changed: new snapshots go out at once, or when the pause after the last ones is over. */
  changed(): void;
  /** Sends until told to stop; see pace.ts. */
  run(stop: AbortSignal): Promise<void>;
  counts(): BoardCounts;
  /** Since when a board that had a screen has none; null while it has one; undefined when it had none since the start. */
  darkSince(board: string): Instant | null | undefined;
}

export interface BoardCounts {
  watching: number;
  /** Since the start: messages of clients that were ignored, readers cut for slowness, clients of unknown boards. */
  ignored: number;
  slow: number;
  refused: number;
}

export interface BoardsNeeds {
  io: Server;
  clock: Clock;
  /** Ids; the first is for those that name none. */
  boards: readonly string[];
  refresh: (boardId: string, now: Instant) => Snapshot | Promise<Snapshot>;
  /** The next instant after `now` at which time alone changes a board; Infinity when there is none. */
  nextChangeAt: (now: Instant) => Instant;
  log: Log;
}

/** Takes over the server's default namespace. */
export function createBoards(needs: BoardsNeeds): Boards {
  const { io, clock, boards, nextChangeAt, log } = needs;
  const counts = { ignored: 0, slow: 0, refused: 0 };
  const refresh = createRefresh(needs);
  const darkSince = new Map<string, Instant | null>();
  let sweptAt = Number.NEGATIVE_INFINITY;

  const welcome = async (socket: Socket, board: string): Promise<void> => {
    const snapshot = await refresh.since(board, clock.now() - GAP_MIN_MS);
    if (!socket.connected) return;
    // In one turn, so that what is sent to the room next is newer than what the newcomer got.
    void socket.join(roomOf(board));
    darkSince.set(board, null);
    socket.once('disconnect', () => {
      if (!io.sockets.adapter.rooms.has(roomOf(board))) darkSince.set(board, clock.now());
    });
    if (snapshot) socket.emit('snapshot', snapshot);
  };

  const sweep = (now: Instant): void => {
    if (now - sweptAt < SWEEP_EVERY_MS && now >= sweptAt) return;
    sweptAt = now;
    for (const socket of io.sockets.sockets.values()) {
      if (!cutIfSlow(socket)) continue;
      counts.slow += 1;
      log.warn({ socket: socket.id }, 'a board that does not read was disconnected');
    }
  };

  const pace = createPace({
    clock,
    nextChangeAt,
    async send(now) {
      for (const board of boards) {
        // Whoever comes next gets one of its own.
        if (!io.sockets.adapter.rooms.has(roomOf(board))) continue;
        const snapshot = await refresh.at(board, now);
        if (snapshot) io.to(roomOf(board)).emit('snapshot', snapshot);
      }
      sweep(now);
    },
  });

  io.on('connection', (socket) => {
    socket.onAny(() => {
      counts.ignored += 1;
    });
    const asked = askedBoard(socket) ?? boards[0];
    if (asked !== undefined && boards.includes(asked)) {
      void welcome(socket, asked);
      return;
    }
    counts.refused += 1;
    socket.emit('refused', {
      code: 'not_found',
      message: 'There is no such board. See the list in first-ring.yaml.',
    });
    socket.disconnect(true);
  });

  return {
    changed: () => pace.changed(),
    run: (stop) => pace.run(stop),
    darkSince: (board) => darkSince.get(board),
    counts: () => ({ watching: io.sockets.sockets.size, ...counts }),
  };
}

interface Refresh {
  /** A snapshot at `now`; null when it could not be made, which has been logged. */
  at(board: string, now: Instant): Promise<Snapshot | null>;
  /** The last one when it is as of `since` or later, else a new one. */
  since(board: string, since: Instant): Promise<Snapshot | null>;
}

/** An old snapshot is never passed off as the present: after a failure there is none until the next success. */
function createRefresh({ clock, refresh, log }: BoardsNeeds): Refresh {
  const last = new Map<string, Snapshot>();
  const at = async (board: string, now: Instant): Promise<Snapshot | null> => {
    try {
      const snapshot = await refresh(board, now);
      const newer = last.get(board);
      // One that is ahead of the clock was made before the clock was set back.
      if (!newer || newer.at <= snapshot.at || newer.at > clock.now()) last.set(board, snapshot);
      return snapshot;
    } catch (error) {
      last.delete(board);
      log.error({ err: error, board }, 'a board could not be refreshed');
      return null;
    }
  };
  return {
    at,
    async since(board, since) {
      const kept = last.get(board);
      if (kept && kept.at >= since && kept.at <= clock.now()) return kept;
      await at(board, clock.now());
      return last.get(board) ?? null;
    },
  };
}

function askedBoard(socket: Socket): string | undefined {
  const { auth, query } = socket.handshake;
  const asked: unknown = auth.board ?? query.board;
  return typeof asked === 'string' ? asked : undefined;
}

function roomOf(board: string): string {
  return `board:${board}`;
}
