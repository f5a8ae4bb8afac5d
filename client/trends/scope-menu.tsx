import { Menu } from './menu.tsx';
import type { Offered } from './offered.ts';
import type { PageState } from './page-state.ts';

const SCOPES_MAX = 24;

interface ScopeMenuProps {
  scopes: readonly string[];
  offered: readonly Offered[];
  go: (change: Partial<PageState>) => void;
}

const KINDS = { site: 'Everything', team: 'Team', calls: 'Calls', mailbox: 'Mailbox' } as const;

/** The site, its teams and their queues; several stand side by side. */
export function ScopeMenu({ scopes, offered, go }: ScopeMenuProps) {
  const chosen = offered.filter(({ scope }) => scopes.includes(scope));
  const [first] = chosen;
  const one = chosen.length === 1 && first !== undefined;
  const toggle = (scope: string) => {
    const next = scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope];
    if (next.length === 0 || next.length > SCOPES_MAX) return;
    go({
      scopes: offered.filter((other) => next.includes(other.scope)).map((other) => other.scope),
      picked: null,
    });
  };
  return (
    <Menu name="Where" label="Where" value={one ? first.name : String(scopes.length)}>
      {(close) => (
        <>
          {offered.map(({ scope, name, kind, team }) => (
            <div key={scope} className={team === null ? 'choice' : 'choice is-queue'}>
              <label>
                <input
                  type="checkbox"
                  checked={scopes.includes(scope)}
                  disabled={!scopes.includes(scope) && scopes.length >= SCOPES_MAX}
                  onChange={() => toggle(scope)}
                />
                {name} <span className="k">{KINDS[kind]}</span>
              </label>
              <button
                type="button"
                className="plain"
                aria-label={`Only ${name}`}
                onClick={() => {
                  go({ scopes: [scope], picked: null });
                  close();
                }}
              >
                only
              </button>
            </div>
          ))}
          {scopes.length >= SCOPES_MAX ? <p>{SCOPES_MAX} at most.</p> : null}
        </>
      )}
    </Menu>
  );
}
