import { z } from 'zod';
import { ADDRESS_MAX } from './limits-reports.ts';
import { by } from './wire-desk.ts';

/** Who is sent the weekly summary by mail. Instants are integer milliseconds UTC. */

const said = (description: string) => ({ description });
const instant = z.int();

const subscriber = z.strictObject({
  id: z.int(),
  address: z.string(),
  scope: z.string(),
  name: z.string().nullable().meta(said('Of the scope; null when it is not there any more.')),
  by: z.string().meta(said('Who asked for it.')),
  at: instant,
  state: z
    .enum(['fresh', 'due', 'sent', 'failed'])
    .meta(said('fresh: none was due yet. due: being sent, or tried again. failed: given up for this week.')),
  sentAt: instant.nullable().meta(said('When a mail was last taken by the mail server.')),
  nextAt: instant.nullable().meta(said('When it is tried again, or the next one is due.')),
  trouble: z.string().nullable().meta(said('What went wrong last.')),
});
export type WireSubscriber = z.infer<typeof subscriber>;

export const subscribersAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  sends: z.boolean().meta(said('False when no mail server is configured: then no mail is sent.')),
  nextAt: instant.nullable().meta(said('When the next summary is due.')),
  subscribers: z.array(subscriber),
});
export type SubscribersAnswer = z.infer<typeof subscribersAnswer>;

export const subscriberCommand = z.strictObject({
  address: z
    .string({ error: 'must be a mail address, e.g. ann@harbor.example' })
    .trim()
    .min(1, { error: 'is empty' })
    .max(ADDRESS_MAX, { error: `is longer than ${ADDRESS_MAX} characters` }),
  scope: z.string({ error: 'must be site, team:… or queue:…' }).min(1).max(300),
  by,
});
export type SubscriberCommand = z.input<typeof subscriberCommand>;

const id = z.int({ error: "must be a subscriber's id" });
export const subscriberRemoval = z.strictObject({ id, by });
export type SubscriberRemoval = z.input<typeof subscriberRemoval>;

/** Sends the last week's summary now. */
export const reportSending = z.strictObject({ id, by });
export type ReportSending = z.input<typeof reportSending>;
