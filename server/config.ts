import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ChannelConfig } from './alerts/channels/channel.ts';
import { boardsOf } from './config/boards.ts';
import { channelConfigsOf } from './config/channel-settings.ts';
import type { ChimeSound } from './config/chime-settings.ts';
import { type Complaint, told } from './config/complaint.ts';
import { demoSettings } from './config/demo-settings.ts';
import { type Environment, readEnvironment } from './config/environment.ts';
import { readSettings, type Written } from './config/file.ts';
import { type OutgoingConfig, outgoingConfigOf } from './config/outgoing-settings.ts';
import { type ReportTime, reportTimeOf } from './config/report-settings.ts';
import { ownDids, rulesOf } from './config/rules.ts';
import { rulesSaidOf } from './config/rules-said.ts';
import type { Settings } from './config/schema.ts';
import { smtpConfigOf } from './config/smtp-settings.ts';
import { feedsOf, type SourceConfig, sourceConfigsOf } from './config/source-configs.ts';
import { trendScopesOf } from './config/trend-scopes.ts';
import { type WatchedScope, watchedScopesOf } from './config/watched-scopes.ts';
import { RULE_BOOK_VERSION, type Rules } from './judge/rules.ts';
import type { RuleSetting } from './judge/rules-said.ts';
import type { Board } from './metrics/board.ts';
import type { TrendScope } from './metrics/trends-scope.ts';
import { Problem } from './problem.ts';
import type { SmtpConfig } from './smtp/smtp-config.ts';

/** Everything the program is told at its start: environment and `first-ring.yaml`. docs/configuration.md says how. */
export interface Config {
  /** Nothing is configured: a made-up team is shown, and its data kept in a file of its own. */
  demo: boolean;
  port: number;
  /** Null: not named. */
  host: string | null;
  dataDir: string;
  databaseFile: string;
  logLevel: string;
  adminPassword: string | null;
  tvToken: string | null;
  site: { name: string; place: string | null; zone: string };
  rules: Rules;
  /** Differs whenever something is written that could change a verdict; holds no secret. */
  rulesFingerprint: string;
  /** The same and the targets, one setting at a time, so that a change can be told. */
  rulesSaid: RuleSetting[];
  boards: Board[];
  /** Everything whose history can be looked at. */
  trendScopes: TrendScope[];
  sources: SourceConfig[];
  /** Null: no mail server is named, and no mail is sent. */
  mail: SmtpConfig | null;
  report: ReportTime;
  /** What rules of attention can be about. */
  watchedScopes: WatchedScope[];
  /** Where alerts can be told besides the wall. */
  channels: ChannelConfig[];
  outgoing: OutgoingConfig;
  /** The sounds of boards that chime with one of their own, by board. */
  chimes: ReadonlyMap<string, ChimeSound>;
}

/**
 * Reads the environment and the file it names, relative to `cwd`.
 * @throws Problem `invalid`: every error with its place, the setting, what is wrong and how to mend it, a line each;
 * never a value, so never a secret.
 */
export async function loadConfig(env: NodeJS.ProcessEnv, cwd: string): Promise<Config> {
  const complaints: Complaint[] = [];
  const environment = readEnvironment(env, cwd, complaints);
  const written = await readSettings(environment.file, env, complaints);
  if (complaints.length > 0 || written === null) throw new Problem('invalid', told(complaints));
  if (written !== 'absent')
    return configOf(environment, 'first-ring.sqlite', written, sourceConfigsOf(written.settings));
  const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
  const demo: SourceConfig = { kind: 'demo', id: 'demo', zone };
  return configOf(
    environment,
    'demo.sqlite',
    { settings: demoSettings(zone), isHoliday: null, chimes: new Map() },
    [demo],
  );
}

function configOf(
  environment: Environment,
  database: string,
  { settings, isHoliday, chimes }: Written,
  sources: SourceConfig[],
): Config {
  const { port, host, dataDir, logLevel, adminPassword, tvToken } = environment;
  const { name, place, zone } = settings.site;
  const rules = rulesOf(settings, isHoliday);
  return {
    demo: sources.some((source) => source.kind === 'demo'),
    port,
    host,
    dataDir,
    databaseFile: join(dataDir, database),
    logLevel,
    adminPassword,
    tvToken,
    site: { name, place: place ?? null, zone },
    rules,
    rulesFingerprint: fingerprintOf(settings),
    rulesSaid: rulesSaidOf(settings, rules),
    boards: boardsOf(settings, rules, feedsOf(sources)),
    trendScopes: trendScopesOf(settings, rules, feedsOf(sources)),
    sources,
    mail: settings.mail === undefined ? null : smtpConfigOf(settings.mail),
    report: reportTimeOf(settings.report),
    watchedScopes: watchedScopesOf(settings, rules, feedsOf(sources)),
    channels: channelConfigsOf(settings),
    outgoing: outgoingConfigOf(settings),
    chimes,
  };
}

function fingerprintOf(settings: Settings): string {
  const { site, teams, own_accounts, human_senders, mentions } = settings;
  const own = [...own_accounts, ...ownDids(settings)];
  const judged = JSON.stringify([RULE_BOOK_VERSION, site, teams, own, human_senders, mentions]);
  return createHash('sha256').update(judged).digest('hex');
}
