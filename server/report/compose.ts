import { createHash } from 'node:crypto';
import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Mail } from '../smtp/send-mail.ts';
import { CHART_WIDTH, chartSvg } from './chart-svg.ts';
import { drawPictures } from './draw.ts';
import { reportHtml } from './report-html.ts';
import { type ReportLinks, reportText } from './report-text.ts';
import type { Summary } from './summary.ts';
import { subjectOf } from './words.ts';

/** A summary with its charts drawn: the same for every subscriber of a scope. */
export interface Drawn {
  summary: Summary;
  pictures: NonNullable<Mail['pictures']>;
}

export interface Recipient {
  address: string;
  scope: Scope;
  token: string;
}

/** Draws the chart of each promise, for screens with twice as many dots. */
export async function drawSummary(summary: Summary, font: Uint8Array | null): Promise<Drawn> {
  const svgs = summary.promises.map(chartSvg);
  const drawn = svgs.length === 0 ? [] : await drawPictures({ svgs, width: 2 * CHART_WIDTH, font });
  const pictures = drawn.map((bytes, i) => {
    const cid = summary.promises[i]?.figure ?? '';
    return { cid, name: `${cid}.png`, type: 'image/png', bytes };
  });
  return { summary, pictures };
}

/**
 * The mail for one subscriber. `occasion` is what it is sent for, such as its week: the same subscriber and occasion give the
 * same Message-ID. `url` is where people open First Ring.
 */
export function mailOf(
  { summary, pictures }: Drawn,
  to: Recipient,
  { url, at, occasion }: { url: string; at: Instant; occasion: string },
): Mail {
  const links = linksOf(url, to, summary);
  return {
    to: to.address,
    subject: subjectOf(summary),
    text: reportText(summary, links),
    html: reportHtml(summary, links),
    pictures,
    messageId: messageId(url, to, occasion),
    at,
    headers: {
      // RFC 3834: nothing answers this by itself.
      'Auto-Submitted': 'auto-generated',
      'List-Id': `First Ring weekly summary <weekly.${new URL(url).hostname}>`,
      'List-Unsubscribe': `<${links.unsubscribe}>`,
      // RFC 8058 allows one click only where the address is https.
      ...(url.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    },
  };
}

function linksOf(url: string, { scope, token }: Recipient, { from, to }: Summary): ReportLinks {
  const asked = new URLSearchParams({ from, to, by: 'day', scopes: scope, against: 'before' });
  return {
    trends: `${url}/trends?${asked.toString()}`,
    unsubscribe: `${url}/unsubscribe?token=${encodeURIComponent(token)}`,
  };
}

/** A hash, since the token itself opens the way out and Message-IDs are logged by every server on the way. */
function messageId(url: string, { token }: Recipient, occasion: string): string {
  const name = createHash('sha256').update(`${token}|${occasion}`).digest('base64url').slice(0, 24);
  return `<weekly.${name}@${new URL(url).hostname}>`;
}
