import type { Instant } from '../../../shared/time.ts';

/** One attempt at one device. */
export interface Leg {
  /** The channel's Uniqueid. */
  id: string;
  /** The device, e.g. `PJSIP/101`. */
  agent: string;
  local: boolean;
  /** Dialled by a Local channel: that it is bridged does not mean that the caller is. */
  viaLocal: boolean;
  triedAt: Instant | null;
  rangAt: Instant | null;
  /** The phone's own channel came up. */
  upAt: Instant | null;
  answeredAt: Instant | null;
  bridge: string | null;
  bridgeAt: Instant | null;
  endedAt: Instant | null;
}

/** One stay in a queue, or the ringing of phones without one. */
export interface Stay {
  entry: string;
  /** Asterisk's name; null without a queue. */
  name: string | null;
  /** Our id. */
  queue: string | undefined;
  leftAt: Instant | null;
}

/** One customer's journey, from the caller's first channel to its hang-up. */
export interface Call {
  /** Linkedid, which is the Uniqueid of the caller's channel. */
  id: string;
  /** Null: it began at one of our phones and has not left the house yet. */
  direction: 'in' | 'out' | null;
  arrivedAt: Instant;
  /** Its last event: what is certain when the link is lost. */
  lastAt: Instant;
  /** The dialled number. */
  exten: string;
  number: string | undefined;
  /** Its beginning has been told as facts. */
  told: boolean;
  legs: Map<string, Leg>;
  /** Channels by which events find this call. */
  channels: Set<string>;
  /** Stays since the last answer, in order. */
  stays: Stay[];
  /** Stays so far; the next one's number. */
  entries: number;
  /** Any leg signalled ringing. */
  rang: boolean;
  /** The caller's channel was answered by somebody or something: a person, a menu, voicemail. */
  up: boolean;
  bridge: string | null;
  bridgeAt: Instant | null;
  /** A person talks with the caller; later legs are transfers, until she enters a queue again. */
  bridged: boolean;
  /** A person has talked with the caller: the call was answered, whatever comes. */
  answered: boolean;
  /** The caller's side asked for the hang-up. */
  callerGone: boolean;
  /** And a queue or a ringing phone still held the caller then. */
  leftWhileHeld: boolean;
  /** When the last phone or queue let go of the caller while she was still there. */
  releasedAt: Instant | null;
  /** Some attempt ended unanswered; some attempt could not ring at all. */
  unanswered: boolean;
  failed: boolean;
  /** The last attempt was called off, as it is when the caller leaves and at no timeout. */
  cancelled: boolean;
  /** Asterisk went down under it. */
  lost: boolean;
  /** The link was lost while it was open, and the listing has not cleared it yet. */
  doubt: boolean;
  /** Begun before this process: its story is known no further than that it was open, and whether answered. */
  forgotten: boolean;
  /** A phone may have rung while the link was lost: its alerts are not told, as the first may be missing. */
  ringUnknown: boolean;
}

export function newCall(id: string, direction: Call['direction'], at: Instant): Call {
  return {
    id,
    direction,
    arrivedAt: at,
    lastAt: at,
    exten: '',
    number: undefined,
    told: false,
    legs: new Map(),
    channels: new Set([id]),
    stays: [],
    entries: 0,
    rang: false,
    up: false,
    bridge: null,
    bridgeAt: null,
    bridged: false,
    answered: false,
    callerGone: false,
    leftWhileHeld: false,
    releasedAt: null,
    unanswered: false,
    failed: false,
    cancelled: false,
    lost: false,
    doubt: false,
    forgotten: false,
    ringUnknown: false,
  };
}

export function newLeg(id: string, agent: string, local: boolean): Leg {
  return {
    id,
    agent,
    local,
    viaLocal: false,
    triedAt: null,
    rangAt: null,
    upAt: null,
    answeredAt: null,
    bridge: null,
    bridgeAt: null,
    endedAt: null,
  };
}

/** A queue or a phone holds the caller: she waits, or rings, or is being announced. */
export function isHeld(call: Call): boolean {
  const stay = call.stays.at(-1);
  if (stay !== undefined && stay.name !== null && stay.leftAt === null) return true;
  for (const leg of call.legs.values()) if (leg.endedAt === null && leg.triedAt !== null) return true;
  return false;
}
