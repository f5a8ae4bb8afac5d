import { type Rules, scopesOf } from '../judge/rules.ts';
import type { Board } from '../metrics/board.ts';
import type { SourceConfig } from './source-configs.ts';

/**
 * The sources that a board's figures depend on, by id: all that may tell of its queues. A mail server that reads only
 * the mailboxes of others is none of them, so that its loss makes nothing hollow here.
 */
export function sourcesOfBoard(
  { scope }: Pick<Board, 'scope'>,
  sources: readonly SourceConfig[],
  rules: Rules,
): ReadonlySet<string> {
  const mayTell = (source: SourceConfig): boolean =>
    scope === 'site' ||
    source.kind !== 'imap' ||
    source.imap.mailboxes.some(({ mailbox }) => scopesOf(rules, mailbox).includes(scope));
  return new Set(sources.filter(mayTell).map(({ id }) => id));
}
