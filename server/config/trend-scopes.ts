import type { Feed, Scope } from '../../shared/figure.ts';
import type { PairFigure, TrendFigure } from '../../shared/wire-trends.ts';
import { type Rules, teamRulesOf } from '../judge/rules.ts';
import { ABANDONMENT_TARGET, type MailClock, type TrendScope } from '../metrics/trends-scope.ts';
import { defaultMinSample, defaultTargets, type Targets, targetsOf } from './rules.ts';
import type { Settings } from './schema.ts';

/** Everything whose history can be looked at, in the order of the file: the site, then each team before its queues. */
export function trendScopesOf(settings: Settings, rules: Rules, feeds: ReadonlySet<Feed>): TrendScope[] {
  const { site, teams } = settings;
  const siteTargets = targetsOf(site.targets, defaultTargets);
  const minSample = site.min_sample ?? defaultMinSample;
  const make = (scope: Scope, kind: TrendScope['kind'], name: string, own: Own): TrendScope => {
    const figures = figuresOf(kind, own, feeds);
    return {
      scope,
      name,
      kind,
      team: own.queueOf,
      figures,
      minSample: own.minSample,
      targets: targetsShown(figures, own.targets),
      promisedMs: promisedOf(scope, figures, own, rules),
      mail: own.mailboxes,
    };
  };
  const mailOf = (team: string | null): MailClock => {
    const { calendar, emailMs, emailClock } = teamRulesOf(rules, team);
    return { withinMs: emailMs, clock: emailClock, calendar };
  };
  const ofTeam = (id: string): Own['mailboxes'] =>
    [...rules.queues].flatMap(([queue, { kind, team }]) =>
      kind === 'mailbox' && team === id ? [{ scope: `queue:${queue}` as const, due: mailOf(id) }] : [],
    );
  const everyMailbox = [
    ...teams.flatMap(({ id }) => ofTeam(id)),
    { scope: 'site' as const, due: mailOf(null) },
  ];
  const ofSite = {
    team: null,
    queueOf: null,
    kinds: both,
    targets: siteTargets,
    minSample,
    mailboxes: everyMailbox,
  };
  return [
    make('site', 'site', site.name, ofSite),
    ...teams.flatMap((team) => {
      const own: Own = {
        team: team.id,
        queueOf: null,
        kinds: new Set(team.queues.map(({ kind }) => kind)),
        targets: targetsOf(team.targets, siteTargets),
        minSample: team.min_sample ?? minSample,
        mailboxes: ofTeam(team.id),
      };
      return [
        make(`team:${team.id}`, 'team', team.name, own),
        ...team.queues.map(({ id, kind }) => {
          const scope: Scope = `queue:${id}`;
          const mailboxes = own.mailboxes.filter((one) => one.scope === scope);
          return make(scope, kind, id, { ...own, queueOf: team.id, kinds: new Set([kind]), mailboxes });
        }),
      ];
    }),
  ];
}

interface Own {
  team: string | null;
  /** Set for queues alone. */
  queueOf: string | null;
  kinds: ReadonlySet<'calls' | 'mailbox'>;
  targets: Targets;
  minSample: number;
  mailboxes: TrendScope['mail'];
}

const both: ReadonlySet<'calls' | 'mailbox'> = new Set(['calls', 'mailbox']);
const ofCalls: readonly TrendFigure[] = [
  'firstRing',
  'serviceLevel',
  'abandonment',
  'speedOfAnswer',
  'callsOffered',
  'waitTime',
];
const ofMail: readonly TrendFigure[] = ['emailsWithinHour', 'emailsReceived', 'replyTime'];

/** Who owes a call back is a team, never a queue; menus and mentions are the site's. */
function figuresOf(
  kind: TrendScope['kind'],
  { kinds, targets }: Own,
  feeds: ReadonlySet<Feed>,
): TrendFigure[] {
  const calls = feeds.has('phones') && kinds.has('calls');
  const isQueue = kind === 'calls' || kind === 'mailbox';
  return [
    ...(calls ? ofCalls : []),
    ...(calls && !isQueue && targets.calledBack !== null ? (['calledBack'] as const) : []),
    ...(calls && kind === 'site' ? (['leftInMenu'] as const) : []),
    ...(feeds.has('emails') && kinds.has('mailbox') ? ofMail : []),
    ...(feeds.has('mentions') && kind === 'site' ? (['mentions'] as const) : []),
  ];
}

function targetsShown(
  figures: readonly TrendFigure[],
  { firstRing, serviceLevel, emails, calledBack }: Targets,
): TrendScope['targets'] {
  const all: Partial<Record<PairFigure, number>> = {
    firstRing,
    serviceLevel: serviceLevel.percent,
    emailsWithinHour: emails.percent,
    abandonment: ABANDONMENT_TARGET,
    ...(calledBack === null ? {} : { calledBack: calledBack.percent }),
  };
  return Object.fromEntries(Object.entries(all).filter(([figure]) => figures.includes(figure as PairFigure)));
}

/** The site judges its calls by its own service level, whichever team they were for. */
function promisedOf(
  scope: Scope,
  figures: readonly TrendFigure[],
  { team }: Own,
  rules: Rules,
): TrendScope['promisedMs'] {
  const { serviceLevelMs, emailMs } = scope === 'site' ? rules.site : teamRulesOf(rules, team);
  return {
    ...(figures.includes('firstRing') ? { firstRing: rules.ringPeriodMs, serviceLevel: serviceLevelMs } : {}),
    ...(figures.includes('emailsWithinHour') ? { emailsWithinHour: emailMs } : {}),
  };
}
