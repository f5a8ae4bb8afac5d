import { Problem } from '../../problem.ts';
import type { AlertTurn, TurnKind } from '../../store/alerts.ts';

/** How people can be told besides the wall. */
export const channelKinds = ['email', 'slack', 'teams', 'webhook', 'ntfy', 'pagerduty'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** A channel as the configuration writes it, secrets and all. */
export type ChannelConfig = { id: string; name: string } & ChannelPlace;

type ChannelPlace =
  | { kind: 'email'; to: string }
  | { kind: 'slack'; url: string }
  | { kind: 'teams'; url: string }
  | { kind: 'webhook'; url: string; secrets: readonly string[] }
  | { kind: 'ntfy'; server: string; topic: string; token: string | null }
  | { kind: 'pagerduty'; endpoint: string; routingKey: string };

/** What is told of an alert; or a test, which is told like one and says so. */
export type ToldTurn = Omit<AlertTurn, 'kind'> & { kind: TurnKind | 'test' };

/** What is sent to one channel at once. */
export interface Message {
  /** The same however often it is sent. */
  id: string;
  /** Never empty. */
  turns: readonly ToldTurn[];
}

/** A way to tell people. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  /** Of the place that it sends to; another one after that was changed. It gives no secret away. */
  readonly mark: string;
  /**
   * Sends once. Resolves, with what the other side said, when that has taken the message upon itself.
   * @throws NotTold, in words without any secret.
   */
  send(message: Message, stop: AbortSignal): Promise<string>;
}

/** A message was not taken. */
export class NotTold extends Problem {
  /** The same message would be refused again: it is not sent again. */
  readonly lasting: boolean;
  /** The other side wants nothing more from us, ever. */
  readonly gone: boolean;
  /** So long the other side wants to be left alone; null: it does not say. */
  readonly waitMs: number | null;

  constructor(
    message: string,
    {
      lasting,
      gone = false,
      waitMs = null,
      cause,
    }: { lasting: boolean; gone?: boolean; waitMs?: number | null; cause?: unknown },
  ) {
    super(lasting ? 'invalid' : 'unavailable', message, cause === undefined ? {} : { cause });
    this.name = 'NotTold';
    this.lasting = lasting;
    this.gone = gone;
    this.waitMs = waitMs;
  }
}
