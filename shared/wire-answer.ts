import { z } from 'zod';

/** What First Ring answers over HTTP, beside snapshots. */

/** The refusals that an answer spells out; `refusedTotal` counts all of them. */
export const REFUSALS_TOLD_MAX = 100;

const count = z.int().min(0);

/** One refused fact. `position` counts array items from 0 and lines from 1; `field` is null when no single field is to blame. */
export const refusal = z.strictObject({ position: count, field: z.string().nullable(), reason: z.string() });
export type Refusal = z.infer<typeof refusal>;

/** The answer to POST /api/facts, given after the last commit. Every fact is in exactly one of the counts. */
export const factsAnswer = z.strictObject({
  stored: count,
  repeats: count.meta({ description: 'Said before, word for word.' }),
  conflicts: count.meta({ description: 'Said before with other content; the earlier instant won.' }),
  alive: count.meta({ description: 'Signs of life; they are not stored.' }),
  refused: z
    .array(refusal)
    .max(REFUSALS_TOLD_MAX)
    .meta({ description: `At most ${REFUSALS_TOLD_MAX} of them.` }),
  refusedTotal: count,
});
export type FactsAnswer = z.infer<typeof factsAnswer>;

/** What every refused request is answered with. */
export const wireError = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().meta({ description: 'What, where and how to mend it.' }),
    durable: count.exactOptional().meta({
      description:
        'How many items or lines, from the first, were dealt with and are safe. The rest may be sent again.',
    }),
  }),
});
export type WireError = z.infer<typeof wireError>;

const instant = z.int();
const ms = z.number().min(0);

/** How the server is doing, and everything that feeds it. */
export const statusAnswer = z.strictObject({
  build: z.string(),
  demo: z.boolean(),
  zone: z.string().meta({ description: 'IANA zone of the site.' }),
  startedAt: instant,
  now: instant,
  sources: z.array(
    z.strictObject({
      id: z.string(),
      feeds: z.array(z.enum(['phones', 'emails', 'mentions'])),
      state: z.enum(['waiting', 'live', 'late', 'lost', 'heard']),
      since: instant,
      heardAt: instant.nullable(),
      trouble: z.string().nullable(),
      facts: z
        .strictObject({ stored: count, repeat: count, conflict: count, refused: count })
        .meta({ description: 'Since records are kept.' }),
      kind: z.string().meta({ description: 'As in first-ring.yaml.' }),
      test: z.boolean().meta({ description: 'Whether POST /api/sources/{id}/test can try its connection.' }),
      lastFact: z
        .strictObject({ at: instant, savedAt: instant })
        .nullable()
        .meta({ description: 'The newest thing it told of: when that happened, and when it was saved.' }),
      lagMs: ms.nullable().meta({ description: 'How long that took.' }),
      lastTrouble: z
        .strictObject({ text: z.string(), at: instant })
        .nullable()
        .meta({ description: 'Kept after it is over, since the start.' }),
      refusals: z
        .array(z.strictObject({ reason: z.string(), count, at: instant }))
        .meta({ description: 'Why messages were refused since the start, the latest reason first.' }),
    }),
  ),
  boards: z.strictObject({ watching: count, ignored: count, slow: count, refused: count }),
  intake: z.strictObject({
    waiting: count,
    committedAt: instant.nullable(),
    trouble: z.string().nullable(),
    notSavedSince: instant.nullable(),
  }),
  database: z.strictObject({ bytes: count }),
  process: z.strictObject({
    residentBytes: count,
    eventLoop: z
      .strictObject({ meanMs: ms, maxMs: ms })
      .meta({ description: 'Delay since the last time this was asked.' }),
  }),
});
export type StatusAnswer = z.infer<typeof statusAnswer>;

/** The boards that there are. */
export const boardsAnswer = z.strictObject({
  boards: z.array(z.strictObject({ id: z.string(), name: z.string(), place: z.string().nullable() })),
});
export type BoardsAnswer = z.infer<typeof boardsAnswer>;

/** Whether whoever asks may give commands. */
export const whoAnswer = z.strictObject({ admin: z.boolean() });
export type WhoAnswer = z.infer<typeof whoAnswer>;
