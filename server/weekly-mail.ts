import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { builtFont } from './report/draw.ts';
import { createWeekly, type Weekly } from './report/weekly.ts';
import { openSmtp } from './smtp/send-mail.ts';
import { type TrendsDeskNeeds, trendsOf } from './trends-desk.ts';

export interface WeeklyMailNeeds extends Omit<TrendsDeskNeeds, 'config'> {
  config: Pick<Config, 'trendScopes' | 'site' | 'demo' | 'mail' | 'report'>;
  log: Log;
  /** Where the client's build lies, and with it the typeface. */
  clientDir: string;
}

/** The weekly summary by mail; null where no mail server is configured. */
export function openWeekly(needs: WeeklyMailNeeds): Weekly | null {
  const { config, clock, log, store, clientDir } = needs;
  const { mail, site, report } = config;
  if (mail === null) return null;
  return createWeekly({
    store,
    trends: trendsOf(needs),
    smtp: openSmtp(mail, { log }),
    clock,
    log,
    site: site.name,
    zone: site.zone,
    due: report,
    url: mail.url,
    font: () => builtFont(clientDir),
  });
}
