import { alertMetrics } from '../shared/alert.ts';
import type { Scope } from '../shared/figure.ts';
import { channelsOf } from './alerts/channels/all.ts';
import type { Channel, ToldTurn } from './alerts/channels/channel.ts';
import { createDeliver, type Deliver } from './alerts/deliver.ts';
import type { Undelivered } from './alerts/undelivered.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { ChannelsNeeds } from './http/channels-routes.ts';
import type { Log } from './log.ts';
import { teamIn } from './metrics/alert-looks.ts';
import { createOutgoing } from './outgoing/guarded-send.ts';
import { reachWith } from './outgoing/reach.ts';
import { openSmtp } from './smtp/send-mail.ts';
import type { Store } from './store/store.ts';

export interface TellingNeeds {
  config: Pick<Config, 'rules' | 'site' | 'boards' | 'channels' | 'outgoing' | 'mail'>;
  clock: Clock;
  log: Log;
  store: Store;
}

/** The channels of the configuration, and what HTTP asks of them. */
export interface Telling {
  channels: readonly Pick<Channel, 'id' | 'kind' | 'name'>[];
  desk: Omit<ChannelsNeeds, 'lock'>;
  /** Something waits to be told, and is saved. */
  look(): void;
  /** Tells until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

/** Opens the channels. Everything they send goes through one guard, which reaches what the configuration lets it. */
export function openTelling({ config, clock, log, store }: TellingNeeds): Telling {
  const { site, mail } = config;
  const { networks, plainHosts } = config.outgoing;
  const smtp = mail === null ? null : openSmtp(mail, { log });
  const channels = channelsOf(config.channels, {
    clock,
    outgoing: createOutgoing({ clock, reach: reachWith(networks), plainHosts }),
    place: { zone: site.zone, linkOf: (turn) => linkOf(config, turn) },
    mail: mail === null || smtp === null ? null : { smtp, from: mail.from.address },
  });
  const deliver = createDeliver({ store, clock, log, channels, site: site.name });
  return {
    channels,
    desk: deskOf(deliver, { clock, log, zone: site.zone }),
    look: () => deliver.look(),
    async run(stop) {
      await deliver.run(stop);
      smtp?.close();
    },
  };
}

function deskOf(
  deliver: Deliver,
  { clock, log, zone }: { clock: Clock; log: Log; zone: string },
): Telling['desk'] {
  return {
    channels: async () => ({ now: clock.now(), zone, channels: await deliver.channels() }),
    async testChannel(id) {
      const { ok, said, tookMs } = await deliver.test(id);
      log.info({ channel: id, ok }, 'channel tested');
      return { ok, said, tookMs };
    },
    async undelivered() {
      const messages = (await deliver.undelivered()).map(undeliveredOf);
      return { now: clock.now(), zone, messages };
    },
    tellAgain: (id, by) => deliver.again(id, { by }),
    dropUndelivered: (id, by) => deliver.drop(id, { by }),
  };
}

function undeliveredOf({ id, turn, delivery }: Undelivered) {
  const { alert, kind, at, value } = turn;
  const { channel, tries, trouble } = delivery;
  const { level, about, words } = alert;
  return {
    id,
    channel,
    alert: alert.id,
    kind,
    level,
    about,
    words,
    value,
    at,
    tries,
    trouble: trouble ?? '',
    gaveUpAt: delivery.at,
  };
}

/** The wall that shows the alert and takes it up on a phone: the one nearest to it; without one, the page of all alerts. */
function linkOf(
  { boards, outgoing, rules }: Pick<Config, 'boards' | 'outgoing' | 'rules'>,
  { alert }: ToldTurn,
): string | null {
  if (outgoing.url === null) return null;
  const team = teamIn(rules, alert.scope as Scope);
  const scopes = [alert.scope, ...(team === null ? [] : [`team:${team}`]), 'site'];
  const ofPosts = Object.entries(alertMetrics).some(
    ([metric, { feed }]) => metric === alert.metric && feed === 'mentions',
  );
  const board = ofPosts
    ? boards.find(({ mentions }) => mentions)
    : scopes.flatMap((scope) => boards.find((one) => one.scope === scope) ?? [])[0];
  return board === undefined ? `${outgoing.url}/thresholds` : `${outgoing.url}/wall/${board.id}`;
}
