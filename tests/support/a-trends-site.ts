import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../server/config.ts';
import type { Rules } from '../../server/judge/rules.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import { createTrends, type Trends } from '../../server/metrics/trends.ts';
import { createZoneDays } from '../../server/metrics/trends-days.ts';
import type { SourceHealth } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { type AnIntake, openIntake } from './an-intake.ts';
import { historyFrom, type Told, textNumber } from './histories.ts';
import { judgePlainly } from './plain-count.ts';

/** Zones, each with an instant at which its clocks change; Kathmandu's never do. */
export const changes: readonly (readonly [zone: string, at: string])[] = [
  ['Europe/London', '2026-10-25T01:00:00Z'],
  ['Europe/London', '2026-03-29T01:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Asia/Kathmandu', '2026-10-25T00:00:00Z'],
];

/** The same history, so much later, that the clocks change five hours after it began. */
export function movedTo(history: readonly Told[], changeAt: Instant): Told[] {
  const ms = changeAt - 5 * HOUR - historyFrom;
  return history.map(({ source, fact }) => {
    const moved = { ...fact, at: fact.at + ms } as typeof fact & { seen?: number; edited?: number };
    if (moved.seen !== undefined) moved.seen += ms;
    if (moved.edited !== undefined) moved.edited += ms;
    return { source, fact: moved };
  });
}

/** Two teams: one with a break at noon that closes at midnight on Sundays, one always open. */
const settings = (zone: string, ofSite: string): string => `
site: { name: Acme, zone: ${zone}, country: us, domains: [acme.example], hours: always, min_sample: 1${ofSite} }
teams:
  - id: help
    name: Help
    hours: { mon-fri: ["08:00-12:00", "13:00-21:30"], sat: ["07:00-22:00"], sun: ["00:00-24:00"] }
    text_numbers: ["+${textNumber}"]
    queues:
      - { id: support, kind: calls }
      - { id: inbox, kind: mailbox, addresses: [help@acme.example] }
  - id: money
    name: Money
    targets: { first_ring: 60, called_back: off }
    queues: [{ id: billing, kind: calls }]
own_accounts: [acme]
sources: [{ id: all, kind: http, token: "\${TOKEN}", feeds: [phones, emails, mentions] }]
`;

/** The configuration of such a site, as the program reads it. */
export async function configIn(folder: string, zone: string, ofSite = ''): Promise<Config> {
  const file = join(folder, 'first-ring.yaml');
  writeFileSync(file, settings(zone, ofSite));
  return loadConfig({ DATA_DIR: folder, CONFIG: file, TOKEN: 'a-token-of-enough-characters' }, folder);
}

/** A real intake on a real file, and the trends of what it keeps. */
export interface ATrendsSite extends AsyncDisposable {
  site: AnIntake;
  config: Config;
  trends: Trends;
  /** What the trends are told of the sources. */
  health: SourceHealth[];
  /** Saves in portions, at moments after the history began; folds and packs on the way. */
  deliver(
    told: readonly Told[],
    portions: readonly { size: number; hours: number; packs: boolean }[],
  ): Promise<void>;
  /** Packs everything before this instant. */
  pack(before: Instant): Promise<void>;
  /** Every item judged from the beginning, by these rules. */
  plainly(told: readonly Told[], rules?: Rules): Judged[];
}

/** `ofSite`: more that is set of the site, with a comma before. */
export async function openTrendsSite(
  folder: string,
  zone: string,
  at: Instant,
  ofSite = '',
): Promise<ATrendsSite> {
  const config = await configIn(folder, zone, ofSite);
  const site = await openIntake(join(folder, 'data.sqlite'), {
    at,
    rules: config.rules,
    key: Buffer.alloc(32, 7),
  });
  const health: SourceHealth[] = [];
  const trends = createTrends({
    store: site.store,
    scopes: config.trendScopes,
    zone,
    demo: false,
    now: () => site.clock.now(),
    health: () => health,
    notSavedSince: () => null,
  });
  const days = createZoneDays(zone);
  const pack = async (before: Instant): Promise<void> => {
    while (await site.store.pack({ quarter: before, day: days.dayOf(before) }));
  };
  return {
    site,
    config,
    trends,
    health,
    pack,
    async deliver(told, portions) {
      for (let from = 0, i = 0; from < told.length; i += 1) {
        const { size = 1, hours = 0, packs = false } = portions[i % portions.length] ?? {};
        site.clock.set(at + hours * HOUR);
        for (const [source, own] of Map.groupBy(told.slice(from, from + size), (one) => one.source))
          await site.intake.save(
            source,
            own.map(({ fact }) => fact),
          );
        if (packs) {
          await site.intake.fold(site.clock.now());
          await pack(site.clock.now());
        }
        from += size;
      }
    },
    plainly: (told, rules = config.rules) =>
      judgePlainly(
        told.map(({ source, fact }) => ({ source, fact: site.privacy(fact) })),
        rules,
      ),
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

/** The ISO local date of an instant, and so many days later. */
export function dateIn(zone: string, at: Instant, later = 0): string {
  const day = createZoneDays(zone).dayOf(at) + later;
  return new Date(day * 24 * HOUR).toISOString().slice(0, 10);
}
