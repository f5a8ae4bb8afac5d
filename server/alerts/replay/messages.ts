import type { Scope } from '../../../shared/figure.ts';
import type { Span } from '../../../shared/time.ts';
import type { HistoryFigure, HistoryRules, Stay } from '../../judge/history.ts';
import type { Ready, ReplayAsked } from './replay.ts';

/** What is kept of the past under one name. */
export interface About {
  scope: Scope;
  figure: HistoryFigure;
  rules: HistoryRules;
}

/** `read`: the whole span; `again`: these items, as they are now; `part` and at the end `add`: what facts told of these items. */
export type ReplayMessage =
  | { what: 'read'; id: number; name: string; about: About; span: Span }
  | { what: 'again'; id: number; name: string; about: About; keys: string[] }
  | { what: 'part'; id: number; name: string; stays: { key: string; stay: Stay }[] }
  | { what: 'add'; id: number; name: string; keys: string[]; stays: { key: string; stay: Stay }[] }
  | { what: 'forget'; id: number; name: string }
  | { what: 'replay'; id: number; name: string; asked: ReplayAsked }
  | { what: 'close' };

export interface ReplayAnswer {
  id: number;
  failure?: string;
  /** Items of which only their facts tell. */
  unclear?: string[];
  /** Missing where nothing is kept under the name. */
  ready?: Ready;
}
