import { useRef, useState } from 'react';
import type { WirePost } from '../../shared/wire-desk.ts';
import { Avatar } from '../ui/avatar.tsx';
import { NetworkMark } from '../ui/network-mark.tsx';
import type { Times } from '../ui/times.ts';
import { QuoteForm } from './quote-form.tsx';

/** Sends a command under the reader's name; true when it was done. */
export type Act = (path: string, what: object) => Promise<boolean>;

interface PostListProps {
  posts: readonly WirePost[];
  now: number;
  mark: 'hidden' | 'pinned' | null;
  times: Times;
  act: Act;
  busy: boolean;
}

/** Posts with what may be done with each. Every text is a stranger's: it is shown as text and never as anything else. */
export function PostList({ posts, mark, ...shared }: PostListProps) {
  if (posts.length === 0) return <p className="none quiet">{emptyWords(mark)}</p>;
  return (
    <ol className="posts">
      {posts.map((post) => (
        <Post key={post.id} post={post} {...shared} />
      ))}
    </ol>
  );
}

function emptyWords(mark: PostListProps['mark']): string {
  if (mark === 'hidden') return 'No post is hidden.';
  if (mark === 'pinned') return 'No post is pinned.';
  return 'No post yet. Connect a network, and what customers say of you is listed here.';
}

function Post({ post, now, times, act, busy }: Omit<PostListProps, 'posts' | 'mark'> & { post: WirePost }) {
  const [quoting, setQuoting] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setQuoting(false);
    opener.current?.focus();
  };
  const { id, network, name, handle, text, at, avatar, url, hidden, pinned } = post;
  const tell = (what: 'hide' | 'restore' | 'pin' | 'unpin') =>
    void act('/api/posts', { post: id, act: what });
  return (
    <li className={hidden === null ? '' : 'is-hidden'}>
      <div className="face">
        <Avatar path={avatar} size={40} />
        <NetworkMark network={network} />
      </div>
      <div className="words">
        <p className="by">
          {name === '' ? null : <b dir="auto">{name}</b>}
          {handle === '' ? null : <bdi>{handle}</bdi>}
          <span className="faint">
            {url === null ? (
              times.minute(at, now)
            ) : (
              <a href={url} rel="noreferrer noopener" target="_blank">
                {times.minute(at, now)}
              </a>
            )}
          </span>
        </p>
        <q dir="auto">{text}</q>
        {hidden === null ? null : (
          <p className="said">
            Hidden by {hidden.by}, {times.minute(hidden.at, now)}.
          </p>
        )}
        {pinned === null ? null : (
          <p className="said">
            Pinned by {pinned.by}, {times.minute(pinned.at, now)}.
          </p>
        )}
        {quoting ? (
          <QuoteForm
            post={post}
            busy={busy}
            cancel={close}
            send={async (quote) => {
              if (await act('/api/quotes', quote)) close();
            }}
          />
        ) : null}
      </div>
      <div className="acts">
        {hidden === null ? (
          <>
            <button
              type="button"
              aria-disabled={busy}
              onClick={() => tell(pinned === null ? 'pin' : 'unpin')}
            >
              {pinned === null ? 'Pin' : 'Unpin'}
            </button>
            {network === 'x' ? null : (
              <button type="button" ref={opener} aria-expanded={quoting} onClick={() => setQuoting(!quoting)}>
                Quote
              </button>
            )}
          </>
        ) : null}
        {/* One and the same button, so that it keeps the focus. */}
        <button type="button" aria-disabled={busy} onClick={() => tell(hidden === null ? 'hide' : 'restore')}>
          {hidden === null ? 'Hide' : 'Restore'}
        </button>
      </div>
    </li>
  );
}
