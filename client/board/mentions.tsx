import { Fragment, useRef } from 'react';
import type { Mention, MentionsNow } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { Avatar } from '../ui/avatar.tsx';
import { NetworkMark, networkName } from '../ui/network-mark.tsx';
import type { Moments } from './moments.ts';
import type { Standing } from './standing.ts';
import { useWholeItems } from './use-whole-items.ts';

export interface MentionsProps {
  mentions: MentionsNow | null;
  standing: Standing;
  /** Which networks are not connected, where others are; empty otherwise. */
  gone: string;
  /** Null until there is a snapshot. */
  time: { now: Instant; moments: Moments; today: string } | null;
  phone: boolean;
}

const NEW_MS = MINUTE;

/** What customers say, newest first; each post whole or not at all. */
export function Mentions({ mentions, standing, gone, time, phone }: MentionsProps) {
  if (time === null) return <Frame aside={null} />;
  if (mentions === null) {
    return <Frame aside={null} note="Connect a network to read here what customers say." />;
  }
  const { now, moments } = time;
  const asOf = standing.kind === 'live' ? null : standing.asOf;
  const lost = standing.kind === 'lost';
  const count = mentions.today === 0 ? 'none yet today' : `${mentions.today} today`;
  const aside = asOf === null ? count : `as of ${moments.minute(asOf)}`;
  if (mentions.latest.length === 0 || (mentions.today === 0 && !lost)) {
    const note = mentions.today === 0 ? lastOne(mentions.lastAt, time) : UNSHOWN;
    return <Frame aside={aside} note={note} />;
  }
  const items = mentions.latest.map((mention) => ({
    mention,
    age: `${mention.pinned ? 'pinned, ' : ''}${lost ? whenText(mention.at, time) : ageOf(mention.at, time)}`,
    names: mentions.names,
    isNew: !lost && now - mention.at < NEW_MS,
  }));
  return <List items={items} lost={lost} gone={gone} phone={phone} aside={aside} />;
}

/** Their author may not be named here, or X has not stood behind them within the hour. */
const UNSHOWN = 'They may not be shown here just now.';
const TOO_LONG = 'These posts are too long to be shown here whole.';

interface Item {
  mention: Mention;
  age: string;
  /** Whether this board says who wrote it. */
  names: boolean;
  isNew: boolean;
}

function List({
  items,
  lost,
  gone,
  phone,
  aside,
}: {
  items: Item[];
  lost: boolean;
  gone: string;
  phone: boolean;
  aside: string;
}) {
  const list = useRef<HTMLOListElement>(null);
  // An age that grows wider may push its author onto a second line; figures are all of one width.
  const key = items
    .map(
      ({ mention, age }) => `${mention.id}\n${mention.avatar}\n${mention.text}\n${age.replace(/\d/g, '0')}`,
    )
    .join('\n\n');
  const shown = useWholeItems(list, phone ? null : key);
  const waiting = items.filter((item, index) => item.isNew && shown !== null && !shown.has(index)).length;
  const tooLong = shown !== null && shown.size === 0;
  return (
    <Frame
      aside={waiting > 0 ? `${aside}, ${waiting} waiting` : aside}
      note={
        lost
          ? `${gone === '' ? '' : `${gone}. `}New mentions may be waiting. These are the last ones received.`
          : tooLong
            ? TOO_LONG
            : null
      }
    >
      <ol ref={list}>
        {items.map((item, index) => (
          <Post key={item.mention.id} {...item} hidden={shown !== null && !shown.has(index)} />
        ))}
      </ol>
    </Frame>
  );
}

function Post({ mention, age, isNew, names, hidden }: Item & { hidden: boolean }) {
  const { network, name, handle, text, avatar } = mention;
  const own = network === 'x' || handle === '' ? name : '';
  return (
    <li className={isNew ? 'new' : ''} hidden={hidden}>
      <div className="face">
        <Avatar path={avatar} size={40} />
        <NetworkMark network={network} />
      </div>
      <div>
        <By name={names ? own : `on ${networkName(network)}`} handle={names ? handle : ''} age={age} />
        <q dir="auto">{text}</q>
      </div>
    </li>
  );
}

/** So many letters of the usual size stand beside the time. */
const ROOM = 20;

function By({ name, handle, age }: { name: string; handle: string; age: string }) {
  const long = Math.max(name.length, handle.length) > ROOM;
  return (
    <p className={long ? 'by is-long' : 'by'}>
      <span className="who">
        {name === '' ? null : <b dir="auto">{name}</b>}{' '}
        {handle === '' ? null : name === '' ? (
          <b>
            <Breakable text={handle} />
          </b>
        ) : (
          <span className="handle">
            <Breakable text={handle} />
          </span>
        )}
      </span>
      <time>{age}</time>
    </p>
  );
}

/** A handle that does not fit on a line of its own breaks before its server. */
function Breakable({ text }: { text: string }) {
  return text.split(/(?<=.)(?=@)/).map((part) => (
    <Fragment key={part}>
      <wbr />
      {part}
    </Fragment>
  ));
}

function Frame({
  aside,
  note,
  children,
}: {
  aside: string | null;
  note?: string | null;
  children?: React.ReactNode;
}) {
  return (
    <section className="said" aria-label="Mentions">
      <h2>
        Mentions <span>{aside}</span>
      </h2>
      {note ? <p className="note">{note}</p> : null}
      {children}
    </section>
  );
}

function ageOf(at: Instant, time: { now: Instant; moments: Moments }): string {
  const age = Math.max(0, time.now - at);
  if (age < NEW_MS) return `new, ${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  return age < 24 * HOUR ? `${Math.floor(age / HOUR)} h` : time.moments.weekday(at);
}

function whenText(at: Instant, { moments, today }: { moments: Moments; today: string }): string {
  return moments.date(at) === today ? moments.minute(at) : moments.weekday(at);
}

function lastOne(at: Instant | null, { now, moments }: { now: Instant; moments: Moments }): string | null {
  if (at === null) return null;
  const yesterday = moments.date(at) === moments.date(now - 24 * HOUR);
  return `Last one ${yesterday ? 'yesterday' : moments.day(at)}, ${moments.minute(at)}.`;
}
