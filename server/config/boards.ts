import type { Feed, Scope } from '../../shared/figure.ts';
import { type Rules, teamRulesOf } from '../judge/rules.ts';
import type { Board } from '../metrics/board.ts';
import { chimeOf } from './chime-settings.ts';
import { defaultMinSample, defaultTargets, targetsOf } from './rules.ts';
import type { Settings } from './schema.ts';

/** The boards that are named, or one for each team, and one for the site where there is not exactly one team. */
export function boardsOf(settings: Settings, rules: Rules, feeds: ReadonlySet<Feed>): Board[] {
  const { site, teams, boards } = settings;
  const wanted = boards.length > 0 ? boards : defaultBoards(settings);
  return wanted.map(({ id, name, place, show, names = true, chime = null }) => {
    const scope = scopeOf(show);
    const team = teams.find((candidate) => candidate.id === teamOf(scope, rules));
    const siteTargets = targetsOf(site.targets, defaultTargets);
    const targets = team === undefined ? siteTargets : targetsOf(team.targets, siteTargets);
    const kinds = kindsIn(scope, rules);
    const calls = feeds.has('phones') && kinds.has('calls');
    const { calendar } = teamRulesOf(rules, team?.id ?? null);
    const { percent, withinMs, clock } = targets.emails;
    return {
      id,
      name: name ?? team?.name ?? site.name,
      place: place ?? site.place ?? null,
      scope,
      calendar,
      minSample: team?.min_sample ?? site.min_sample ?? defaultMinSample,
      calls: calls
        ? {
            firstRingTarget: targets.firstRing,
            ringPeriodMs: rules.ringPeriodMs,
            serviceLevelTarget: targets.serviceLevel.percent,
            serviceLevelMs: targets.serviceLevel.withinMs,
          }
        : null,
      callbacks:
        calls && targets.calledBack !== null
          ? { target: targets.calledBack.percent, withinMs: targets.calledBack.withinMs }
          : null,
      emails: feeds.has('emails') && kinds.has('mailbox') ? { target: percent, withinMs, clock } : null,
      mentions: feeds.has('mentions'),
      names,
      chime: chimeOf(id, chime),
    };
  });
}

function defaultBoards({ site, teams }: Settings): (Pick<
  Settings['boards'][number],
  'id' | 'show' | 'place' | 'chime'
> & {
  name: string;
  names?: boolean;
})[] {
  const each = teams.map(({ id, name }) => ({ id, name, show: `team:${id}` }));
  return teams.length === 1 ? each : [{ id: 'site', name: site.name, show: 'site' }, ...each];
}

/** The schema has seen to it that it is one of the three. */
function scopeOf(show: string): Scope {
  const [kind, id = ''] = show.split(':');
  if (kind === 'team') return `team:${id}`;
  return kind === 'queue' ? `queue:${id}` : 'site';
}

function teamOf(scope: Scope, rules: Rules): string | null {
  if (scope.startsWith('team:')) return scope.slice('team:'.length);
  return rules.queues.get(scope.slice('queue:'.length))?.team ?? null;
}

/** What kinds of work there are in a scope; the site may be told of either without a queue of its own. */
function kindsIn(scope: Scope, rules: Rules): Set<'calls' | 'mailbox'> {
  if (scope === 'site') return new Set(['calls', 'mailbox']);
  const queues = [...rules.queues].filter(
    ([id, queue]) => scope === `queue:${id}` || scope === `team:${queue.team}`,
  );
  return new Set(queues.map(([, queue]) => queue.kind));
}
