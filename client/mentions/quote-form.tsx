import { useEffect, useId, useRef, useState } from 'react';
import { citeOf } from '../../shared/cite.ts';
import { CITE_MAX, QUOTE_TEXT_MAX } from '../../shared/limits-desk.ts';
import type { WirePost } from '../../shared/wire-desk.ts';

interface QuoteFormProps {
  /** Null: it is typed, from a call or an email. */
  post: WirePost | null;
  busy: boolean;
  cancel: () => void;
  send: (quote: { text: string; cite: string; post: string | null }) => Promise<void>;
}

/** A quote of at most so many characters and where it comes from; of a post, a part of its own words. */
export function QuoteForm({ post, busy, cancel, send }: QuoteFormProps) {
  const [text, setText] = useState(post?.text.trim() ?? '');
  const [cite, setCite] = useState(post === null ? '' : citeOf(post.network));
  const first = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => first.current?.focus(), []);
  const left = QUOTE_TEXT_MAX - text.trim().length;
  const ready = text.trim() !== '' && cite.trim() !== '' && left >= 0;
  return (
    <form
      className="quote-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void send({ text: text.trim(), cite: cite.trim(), post: post?.id ?? null });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel();
      }}
    >
      <label htmlFor={`${id}-text`}>
        {post === null ? 'What the customer said, word for word' : 'The words to show, as they were written'}
      </label>
      <textarea
        id={`${id}-text`}
        ref={first}
        rows={3}
        dir="auto"
        value={text}
        aria-describedby={`${id}-left`}
        onChange={(event) => setText(event.target.value)}
      />
      <p id={`${id}-left`} className={left < 0 ? 'attn' : 'faint'}>
        {left < 0 ? `${-left} characters too many` : `${left} characters left`}
      </p>
      <label htmlFor={`${id}-cite`}>Where it comes from: a channel or an area, never a full name</label>
      <input
        id={`${id}-cite`}
        type="text"
        value={cite}
        maxLength={CITE_MAX}
        placeholder="from a caller in Queens"
        onChange={(event) => setCite(event.target.value)}
      />
      <p className="acts">
        <button type="submit" className="primary" disabled={!ready} aria-disabled={busy}>
          Show it as the quote of the day
        </button>
        <button type="button" onClick={cancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
