import type { Smtp } from '../../smtp/send-mail.ts';
import type { Channel, ChannelConfig } from './channel.ts';
import { createEmail } from './email.ts';
import { createNtfy } from './ntfy.ts';
import { createPagerDuty } from './pagerduty.ts';
import type { PostNeeds } from './post.ts';
import { createSlack } from './slack.ts';
import { createTeams } from './teams.ts';
import { createWebhook } from './webhook.ts';
import type { Place } from './words.ts';

export interface ChannelNeeds extends PostNeeds {
  place: Place;
  /** Null where no mail server is configured; then no channel is one of email. */
  mail: { smtp: Smtp; from: string } | null;
}

/** The visible list: the channels that are configured. Adding a kind is one file and one line. */
export function channelsOf(configs: readonly ChannelConfig[], needs: ChannelNeeds): Channel[] {
  return configs.flatMap((config) => channelOf(config, needs) ?? []);
}

function channelOf(config: ChannelConfig, needs: ChannelNeeds): Channel | null {
  switch (config.kind) {
    case 'email':
      return needs.mail === null ? null : createEmail(config, { ...needs.mail, place: needs.place });
    case 'slack':
      return createSlack(config, needs);
    case 'teams':
      return createTeams(config, needs);
    case 'webhook':
      return createWebhook(config, needs);
    case 'ntfy':
      return createNtfy(config, needs);
    case 'pagerduty':
      return createPagerDuty(config, needs);
  }
}
