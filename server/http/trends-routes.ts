import { Router } from 'express';
import {
  type NoteCommand,
  type NoteRemoval,
  type NotesAnswer,
  noteCommand,
  noteRemoval,
} from '../../shared/wire-trend-notes.ts';
import type {
  HeatmapAnswer,
  TrendMark,
  TrendScopesAnswer,
  TrendsAnswer,
  WhatIfAnswer,
} from '../../shared/wire-trends.ts';
import type { HeatmapQuery, SeriesQuery, WhatIfQuery } from '../metrics/trends.ts';
import { adminOnly, command } from './desk.ts';
import type { Lock } from './lock.ts';
import { only } from './only.ts';
import { Refused } from './status.ts';
import { readHeatmapQuery, readPeriod, readSeriesQuery, readWhatIfQuery } from './trends-query.ts';

export interface TrendsRoutesNeeds {
  lock: Lock;
  trends: {
    series(query: SeriesQuery): Promise<TrendsAnswer>;
    heatmap(query: HeatmapQuery): Promise<HeatmapAnswer>;
    whatIf(query: WhatIfQuery): Promise<WhatIfAnswer>;
    scopes(): TrendScopesAnswer;
    notes(period: { from: string; to: string }): Promise<NotesAnswer>;
    addNote(note: NoteCommand): Promise<TrendMark>;
    removeNote(removal: NoteRemoval): Promise<void>;
  };
}

/** The history of the figures, and the notes beside it. Which work was missed is not for everybody who sees the wall. */
export function trendsRoutes({ lock, trends }: TrendsRoutesNeeds): Router {
  const routes = Router();
  const admin = adminOnly(lock);
  only(routes, '/trends', [
    admin,
    async (request, response) => {
      response.json(await trends.series(readSeriesQuery(request.query, trends.scopes())));
    },
  ]);
  only(routes, '/trends/heatmap', [
    admin,
    async (request, response) => {
      response.json(await trends.heatmap(readHeatmapQuery(request.query, trends.scopes())));
    },
  ]);
  only(routes, '/trends/what-if', [
    admin,
    async (request, response) => {
      response.json(await trends.whatIf(readWhatIfQuery(request.query, trends.scopes())));
    },
  ]);
  only(routes, '/trends/scopes', [
    admin,
    (_request, response) => {
      response.json(trends.scopes());
    },
  ]);
  routes
    .route('/trends/notes')
    .get(admin, async (request, response) => {
      response.json(await trends.notes(readPeriod(request.query)));
    })
    .post(command(lock, noteCommand, (given) => trends.addNote(given)))
    .delete(
      command(lock, noteRemoval, async (given) => {
        await trends.removeNote(given);
        return { done: true };
      }),
    )
    .all(() => {
      throw new Refused('not_allowed', 'This takes GET, POST and DELETE.', {
        allow: 'GET, HEAD, POST, DELETE',
      });
    });
  return routes;
}
