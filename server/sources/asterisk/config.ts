/** One Asterisk, as the configuration names it. */
export interface AsteriskConfig {
  id: string;
  host: string;
  port: number;
  user: string;
  secret: string;
  /** Contexts of trunks: calls that begin there come from customers, calls that leave there go to them. A `*` at the end stands for any ending. */
  inboundContexts: readonly string[];
  /** Contexts of our own phones. */
  internalContexts: readonly string[];
  /** Asterisk's queue names → our queue ids; a name that is not here is taken as it is. */
  queues: Readonly<Record<string, string>>;
  /** Dialled numbers → our queue ids, for calls that ring phones without a queue. */
  dids: Readonly<Record<string, string>>;
  /** The queue of a direct call whose number is not in `dids`; null: it counts for the site only. */
  defaultQueue: string | null;
  tls?: boolean;
  /** Log in by MD5 challenge, so that the secret does not travel in clear. */
  md5?: boolean;
  /** What our people dial before an outside number; taken off outbound numbers. */
  outsidePrefix?: string;
  /** Contexts in which callers ask to be called back: a call that leaves its queue and ends there accepted a call-back. */
  callbackContexts?: readonly string[];
}

/** What holds where the configuration says nothing: the contexts of FreePBX and of Asterisk's samples. */
export const asteriskDefaults = {
  port: 5038,
  inboundContexts: [
    'from-trunk*',
    'from-pstn*',
    'from-did-direct',
    'from-digital',
    'from-analog',
    'ext-did*',
  ],
  internalContexts: ['from-internal*'],
  queues: {},
  dids: {},
  defaultQueue: null,
} as const satisfies Partial<AsteriskConfig>;

/** Whether a context is in the list; an entry that ends in `*` matches every beginning of that kind. */
export function isAmong(contexts: readonly string[], context: string): boolean {
  return contexts.some((known) =>
    known.endsWith('*') ? context.startsWith(known.slice(0, -1)) : context === known,
  );
}

/** Our queue of a call in Asterisk's queue of this name. */
export function queueNamed({ queues }: Pick<AsteriskConfig, 'queues'>, name: string): string {
  return (Object.hasOwn(queues, name) ? queues[name] : undefined) ?? name;
}

/** Our queue of a call that rings phones without a queue; a number may be configured with signs and spaces. */
export function queueDialled(
  { dids, defaultQueue }: Pick<AsteriskConfig, 'dids' | 'defaultQueue'>,
  number: string,
): string | undefined {
  const digits = digitsOf(number);
  const known = digits === '' ? undefined : Object.keys(dids).find((did) => digitsOf(did) === digits);
  return (known === undefined ? undefined : dids[known]) ?? defaultQueue ?? undefined;
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}
