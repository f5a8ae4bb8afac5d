import { isRingCountry } from '../judge/ring-period.ts';
import { type Complaint, didYouMean, fieldOf } from './complaint.ts';
import type { Document } from './document.ts';
import { imapDisagreements } from './imap-agreement.ts';
import { smtpDisagreements } from './smtp-settings.ts';

/**
 * What must agree across settings: ids and addresses that may come once, names that must exist. It reads the values as
 * they were written, so that it can be told together with everything else that is wrong.
 */
export function disagreements(document: Document): Complaint[] {
  return [
    ...once.flatMap((rule) => repeats(document, rule)),
    ...unknownRings(document),
    ...strangers(document),
    ...silences(document),
    ...idleSources(document),
    ...imapDisagreements(document),
    ...smtpDisagreements(document),
    ...xApps(document),
  ];
}

interface Once {
  what: string;
  paths: Path[];
  /** How two writings of the same thing are told to be the same. */
  same?: (written: string) => string;
}

/** `*` stands for every entry of a list. */
type Path = readonly string[];

const once: readonly Once[] = [
  { what: 'team id', paths: [['teams', '*', 'id']] },
  { what: 'queue id', paths: [['teams', '*', 'queues', '*', 'id']] },
  { what: 'board id', paths: [['boards', '*', 'id']] },
  { what: 'source id', paths: [['sources', '*', 'id']] },
  { what: 'channel id', paths: [['channels', '*', 'id']] },
  {
    what: 'mailbox address',
    paths: [['teams', '*', 'queues', '*', 'addresses', '*']],
    same: (written) => written.toLowerCase(),
  },
  { what: 'Asterisk queue', paths: [['teams', '*', 'queues', '*', 'asterisk_queue']] },
  { what: 'dialled number', paths: [['teams', '*', 'queues', '*', 'dids', '*']], same: onlyDigits },
  { what: 'text number', paths: [['teams', '*', 'text_numbers', '*']], same: onlyDigits },
  { what: 'token variable', paths: [['sources', '*', 'token']] },
];

function repeats(document: Document, { what, paths, same = (written) => written }: Once): Complaint[] {
  const seen = new Map<string, string>();
  return paths.flatMap((path) =>
    writtenAt(document.value, path).flatMap(({ at, written }) => {
      const first = seen.get(same(written));
      if (first !== undefined)
        return [
          document.complaint(at, `is the same ${what} as ${first}: each may come once. Change one of them.`),
        ];
      seen.set(same(written), fieldOf(at));
      return [];
    }),
  );
}

/** A ring of the wrong length would give wrong figures without a word. */
function unknownRings(document: Document): Complaint[] {
  if (writtenAt(document.value, ['site', 'ring_period']).length > 0) return [];
  return writtenAt(document.value, ['site', 'country'])
    .filter(({ written }) => /^[a-z]{2}$/i.test(written) && !isRingCountry(written))
    .map(({ at }) =>
      document.complaint(
        at,
        'is a country whose ring is not known: write ring_period as well, e.g. ring_period: 5s.',
      ),
    );
}

/** References to things that are not there. */
function strangers(document: Document): Complaint[] {
  const ids = (...path: string[]): string[] => writtenAt(document.value, path).map(({ written }) => written);
  const queues = ids('teams', '*', 'queues', '*', 'id');
  const scopes = [
    'site',
    ...ids('teams', '*', 'id').map((id) => `team:${id}`),
    ...queues.map((id) => `queue:${id}`),
  ];
  const callQueues = queuesOfKind(document.value, 'calls');
  return [
    ...missing(
      document,
      ['boards', '*', 'show'],
      scopes.filter((scope) => scope !== 'site'),
      ['site'],
    ),
    ...missing(document, ['sources', '*', 'default_queue'], callQueues, []),
    ...missing(
      document,
      ['sources', '*', 'mailboxes', '*', 'mailbox'],
      queuesOfKind(document.value, 'mailbox'),
      [],
    ),
  ];
}

function missing(
  document: Document,
  path: Path,
  known: readonly string[],
  also: readonly string[],
): Complaint[] {
  return writtenAt(document.value, path).flatMap(({ at, written }) => {
    const all = [...known, ...also];
    if (all.includes(written)) return [];
    const near = didYouMean(written, all);
    const hint =
      near === null
        ? all.length === 0
          ? 'There is none yet.'
          : `There is ${all.slice(0, 8).join(', ')}.`
        : `Did you mean ${near}?`;
    return [document.complaint(at, `names nothing in this file. ${hint}`)];
  });
}

/** Patience that makes no sense. */
function silences(document: Document): Complaint[] {
  const sources = entries(document.value, 'sources');
  return sources.flatMap((source, i) =>
    has(source, 'lost_after') && !has(source, 'late_after')
      ? [
          document.complaint(
            ['sources', i, 'lost_after'],
            'needs late_after beside it: the sender then promises "alive" facts more often than that.',
          ),
        ]
      : [],
  );
}

/** X allows an app one stream, and bills and limits it as one. */
function xApps(document: Document): Complaint[] {
  const sources = entries(document.value, 'sources').map((source, i) => ({ source, i }));
  const apps = sources.filter(({ source }) => isRecord(source) && source.kind === 'x');
  const more = apps
    .slice(1)
    .map(({ i }) =>
      document.complaint(
        ['sources', i, 'kind'],
        'is a second source of kind x: there can be one. Put all rules into the first.',
      ),
    );
  const idle = apps.filter(
    ({ source }) => has(source, 'every') && isRecord(source) && source.mode !== 'search',
  );
  return [
    ...more,
    ...idle.map(({ i }) =>
      document.complaint(['sources', i, 'every'], 'needs mode: search beside it: a stream is not asked.'),
    ),
  ];
}

/** What a network is looked through for; a source of it needs one of these. */
const lookedFor: Readonly<Record<string, readonly string[]>> = {
  mastodon: ['hashtags', 'keywords', 'mentions'],
  bluesky: ['keywords', 'hashtags', 'accounts'],
};

/** A source that listens for nothing would be silent, and look as if all were well. */
function idleSources(document: Document): Complaint[] {
  return entries(document.value, 'sources').flatMap((source, i) => {
    const kind = isRecord(source) && typeof source.kind === 'string' ? source.kind : '';
    const names = Object.hasOwn(lookedFor, kind) ? lookedFor[kind] : undefined;
    if (names === undefined || !isRecord(source)) return [];
    const isOn = names.some((name) =>
      name === 'mentions' ? source.mentions !== false : entries(source, name).length > 0,
    );
    return isOn
      ? []
      : [document.complaint(['sources', i], `looks for nothing: write at least one of ${names.join(', ')}.`)];
  });
}

function queuesOfKind(value: unknown, kind: string): string[] {
  return entries(value, 'teams')
    .flatMap((team) => entries(team, 'queues'))
    .flatMap((queue) =>
      isRecord(queue) && queue.kind === kind && typeof queue.id === 'string' ? [queue.id] : [],
    );
}

/** Every text at a path. */
function writtenAt(
  value: unknown,
  path: Path,
  at: readonly PropertyKey[] = [],
): { at: readonly PropertyKey[]; written: string }[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? [{ at, written: value }] : [];
  if (step === '*')
    return Array.isArray(value) ? value.flatMap((entry, i) => writtenAt(entry, rest, [...at, i])) : [];
  return isRecord(value) ? writtenAt(value[step], rest, [...at, step]) : [];
}

function entries(value: unknown, key: string): unknown[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function has(value: unknown, key: string): boolean {
  return isRecord(value) && value[key] !== undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyDigits(written: string): string {
  return written.replace(/\D/g, '');
}
