import { useMemo } from 'react';
import { SECOND } from '../../shared/time.ts';
import type { ChannelsAnswer, UndeliveredAnswer } from '../../shared/wire-channels.ts';
import { Alert } from '../ui/desk.tsx';
import { LevelMark } from '../ui/level-mark.tsx';
import { TestButton } from '../ui/test-button.tsx';
import { useFetched } from '../ui/use-fetched.ts';
import type { Act } from './thresholds-page.tsx';
import { createWhen, type When } from './when.ts';

const LOOK_EVERY_MS = 5 * SECOND;

type Channel = ChannelsAnswer['channels'][number];
type Message = UndeliveredAnswer['messages'][number];

/** Where alerts are told, how each of it is doing, a test for each, and what could not be told. */
export function ChannelsPart({ act, busy }: { act: Act; busy: boolean }) {
  const channels = useFetched<ChannelsAnswer>('/api/alerts/channels', LOOK_EVERY_MS);
  const undelivered = useFetched<UndeliveredAnswer>('/api/alerts/undelivered', LOOK_EVERY_MS);
  const zone = channels.value?.zone ?? 'UTC';
  const when = useMemo(() => createWhen(zone), [zone]);
  const problem = channels.problem ?? undelivered.problem;
  const { value } = channels;
  const messages = undelivered.value?.messages ?? [];
  const acted = async (path: string, said: string) => {
    await act(path, {}, said);
    undelivered.again();
    channels.again();
  };
  if (value === null)
    return problem === null ? (
      <section className="row">{channels.waiting ? <p>–</p> : null}</section>
    ) : (
      <Alert text={problem} />
    );
  return (
    <>
      {problem === null ? null : <Alert text={problem} />}
      <section className="row" aria-label="Channels">
        <h2>
          Channels <small>They are set up in first-ring.yaml.</small>
        </h2>
        {value.channels.length === 0 ? (
          <p className="quiet">No channel is set up: only the wall shows alerts.</p>
        ) : null}
        <ul className="channels">
          {value.channels.map((channel) => (
            <Told key={channel.id} channel={channel} when={when} again={channels.again} />
          ))}
        </ul>
      </section>
      <section className="row" aria-label="Not told">
        <h2>{messages.length === 0 ? 'Everything was told' : `${messages.length} could not be told`}</h2>
        <ul className="channels">
          {messages.map((message) => (
            <Undelivered
              key={message.id}
              message={message}
              channel={value.channels.find(({ id }) => id === message.channel)?.name ?? message.channel}
              when={when}
              busy={busy}
              act={(what, said) =>
                void acted(`/api/alerts/undelivered/${encodeURIComponent(message.id)}/${what}`, said)
              }
            />
          ))}
        </ul>
      </section>
    </>
  );
}

function Told({ channel, when, again }: { channel: Channel; when: When; again: () => void }) {
  const { id, name, kind, waiting, trouble } = channel;
  return (
    <li>
      <div>
        <p>
          <b>{name}</b> <span className="faint">{kind}</span>
        </p>
        <p className={channel.state === 'failing' || channel.state === 'gone' ? 'attn' : 'quiet'}>
          {stateText(channel, when)}
          {waiting === 0 ? '' : `; ${waiting} waiting`}
        </p>
        {trouble === null ? null : <p className="quiet">{trouble}</p>}
      </div>
      <TestButton
        path={`/api/alerts/channels/${encodeURIComponent(id)}/test`}
        words="Send a test"
        found={['Taken', 'Not taken']}
        tried={again}
      />
    </li>
  );
}

function stateText({ state, at }: Channel, when: When): string {
  const time = at === null ? '' : `, ${when.moment(at)}`;
  switch (state) {
    case 'quiet':
      return 'Nothing was told yet';
    case 'well':
      return `The last message was taken${time}`;
    case 'failing':
      return `The last message was not taken${time}`;
    case 'gone':
      return 'It wants nothing more';
  }
}

interface UndeliveredProps {
  message: Message;
  channel: string;
  when: When;
  busy: boolean;
  act: (what: 'again' | 'drop', said: string) => void;
}

/** One message that was given up: what, where, when, why, and two things that can be done. */
function Undelivered({ message, channel, when, busy, act }: UndeliveredProps) {
  const { level, kind, about, words, value, at, tries, trouble, gaveUpAt } = message;
  return (
    <li>
      <div>
        <p>
          <LevelMark level={level} said /> <b>{words}</b> <span className="faint">{about}</span>
        </p>
        <p className="quiet">
          To {channel}: {kind}, {value}, {when.moment(at)}. Given up {when.moment(gaveUpAt)} after{' '}
          {tries === 1 ? 'one try' : `${tries} tries`}: {trouble}
        </p>
      </div>
      <span className="acts">
        <button type="button" aria-disabled={busy} onClick={() => act('again', 'It is tried again.')}>
          Tell it again
        </button>
        <button type="button" aria-disabled={busy} onClick={() => act('drop', 'Dropped.')}>
          Drop
        </button>
      </span>
    </li>
  );
}
