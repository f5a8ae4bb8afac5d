import './mentions.css';
import { useMemo, useRef, useState } from 'react';
import { SECOND } from '../../shared/time.ts';
import type { PostsAnswer, QuotesAnswer } from '../../shared/wire-desk.ts';
import { CommandNotes } from '../ui/command-notes.tsx';
import { Alert, Desk, openDesk } from '../ui/desk.tsx';
import { createTimes } from '../ui/times.ts';
import { useCommand } from '../ui/use-command.ts';
import { useFetched } from '../ui/use-fetched.ts';
import { useName } from '../ui/use-name.ts';
import { You } from '../ui/you.tsx';
import { type Act, PostList } from './post-list.tsx';
import { QuotePanel } from './quote-panel.tsx';

const LOOK_EVERY_MS = 5 * SECOND;

/** Opens the page of what customers say. */
export function openMentions(root: HTMLElement): void {
  openDesk(root, <MentionsPage />);
}

type Mark = 'hidden' | 'pinned' | null;

function MentionsPage() {
  const [mark, setMark] = useState<Mark>(null);
  // Each page is asked for by the end of the one before; the last of these is where one is.
  const [trail, setTrail] = useState<string[]>([]);
  const posts = useFetched<PostsAnswer>(pathOf(mark, trail.at(-1)), LOOK_EVERY_MS);
  const quotes = useFetched<QuotesAnswer>('/api/quotes', LOOK_EVERY_MS);
  const [name, keepName] = useName();
  const nameField = useRef<HTMLInputElement>(null);
  const command = useCommand();
  const [wantsName, setWantsName] = useState(false);

  const act: Act = async (path, what) => {
    if (name === '') {
      setWantsName(true);
      nameField.current?.focus();
      return false;
    }
    setWantsName(false);
    const done = await command.send(path, { ...what, by: name });
    posts.again();
    quotes.again();
    return done;
  };
  const show = (next: Mark) => {
    setMark(next);
    setTrail([]);
  };
  const problem = posts.problem ?? quotes.problem;
  return (
    <Desk
      path="/mentions"
      title="Mentions"
      about="What customers say in public, and the quote of the day."
      demo={posts.value?.demo === true}
      well={problem === null}
      aside={<You name={name} keep={keepName} field={nameField} />}
    >
      {problem === null ? null : (
        <Alert text={problem}>
          <button
            type="button"
            onClick={() => {
              posts.again();
              quotes.again();
            }}
          >
            Try again
          </button>
        </Alert>
      )}
      <CommandNotes command={command} wantsName={wantsName && name === ''} />
      <Quotes quotes={quotes.value} act={act} busy={command.busy} waiting={quotes.waiting} />
      <Posts
        posts={posts.value}
        mark={mark}
        show={show}
        act={act}
        busy={command.busy}
        waiting={posts.waiting}
      />
      <p className="pager">
        {trail.length === 0 ? null : (
          <button type="button" onClick={() => setTrail(trail.slice(0, -1))}>
            Newer
          </button>
        )}
        {posts.value?.next ? (
          <button type="button" onClick={() => setTrail([...trail, posts.value?.next ?? ''])}>
            Older
          </button>
        ) : null}
      </p>
    </Desk>
  );
}

function pathOf(mark: Mark, after: string | undefined): string {
  const query = new URLSearchParams();
  if (mark !== null) query.set('mark', mark);
  if (after !== undefined) query.set('after', after);
  return query.size === 0 ? '/api/posts' : `/api/posts?${query.toString()}`;
}

interface Shared {
  act: Act;
  busy: boolean;
  waiting: boolean;
}

function Quotes({ quotes, act, busy, waiting }: Shared & { quotes: QuotesAnswer | null }) {
  const zone = quotes?.zone ?? 'UTC';
  const times = useMemo(() => createTimes(zone), [zone]);
  if (quotes === null) return <section className="row">{waiting ? <p>–</p> : null}</section>;
  return <QuotePanel quotes={quotes} times={times} act={act} busy={busy} />;
}

function Posts({
  posts,
  mark,
  show,
  ...shared
}: Shared & { posts: PostsAnswer | null; mark: Mark; show: (mark: Mark) => void }) {
  const zone = posts?.zone ?? 'UTC';
  const times = useMemo(() => createTimes(zone), [zone]);
  const marked = posts?.marked ?? { hidden: 0, pinned: 0 };
  const choices: { mark: Mark; text: string }[] = [
    { mark: null, text: 'All' },
    { mark: 'pinned', text: `Pinned ${marked.pinned}` },
    { mark: 'hidden', text: `Hidden ${marked.hidden}` },
  ];
  return (
    <section className="row" aria-label="Posts">
      <div className="posts-head">
        <h2>Posts</h2>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame of its own */}
        <div className="seg" role="group" aria-label="Which posts">
          {choices.map((choice) => (
            <button
              key={choice.text.split(' ')[0]}
              type="button"
              aria-pressed={choice.mark === mark}
              onClick={() => show(choice.mark)}
            >
              {choice.text}
            </button>
          ))}
        </div>
        <p className="quiet">{posts === null ? '' : namelessWords(posts)}</p>
      </div>
      {posts === null ? (
        shared.waiting ? (
          <p>–</p>
        ) : null
      ) : (
        <PostList posts={posts.posts} now={posts.now} mark={mark} times={times} {...shared} />
      )}
    </section>
  );
}

/** Which boards show no names. */
function namelessWords({ boards }: PostsAnswer): string {
  const nameless = boards.filter(({ names }) => !names).map(({ name }) => name);
  if (nameless.length === 0) return 'Every board shows names and handles.';
  return `Without names, handles and posts of X: ${nameless.join(', ')}.`;
}
