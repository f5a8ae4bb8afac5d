import { z } from 'zod';

/** How the channels that alerts are told on are doing, and what could not be told. */

const said = (description: string) => ({ description });
const instant = z.int();
const count = z.int().min(0);

/** Channels of first-ring.yaml; nothing secret is in it. */
export const channelsAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  channels: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['email', 'slack', 'teams', 'webhook', 'ntfy', 'pagerduty']),
      state: z
        .enum(['quiet', 'well', 'failing', 'gone'])
        .meta(said('Since the start; quiet: nothing was told yet; gone: it wants nothing more.')),
      at: instant.nullable().meta(said('Of the last message; null while quiet.')),
      trouble: z.string().nullable().meta(said('Why the last message was not taken.')),
      waiting: count.meta(said('Turns of alerts that wait, or are tried again.')),
    }),
  ),
});
export type ChannelsAnswer = z.infer<typeof channelsAnswer>;

/** What was given up, newest first; it waits for a person. */
export const undeliveredAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  messages: z.array(
    z.strictObject({
      id: z.string().meta(said('Names it in commands.')),
      channel: z.string(),
      alert: z.string(),
      kind: z.enum(['fired', 'risen', 'repeated', 'acknowledged', 'resolved']),
      level: z.enum(['warning', 'critical']),
      about: z.string(),
      words: z.string().meta(said('The rule.')),
      value: z.string(),
      at: instant.meta(said('When it happened.')),
      tries: count,
      trouble: z.string(),
      gaveUpAt: instant,
    }),
  ),
});
export type UndeliveredAnswer = z.infer<typeof undeliveredAnswer>;
