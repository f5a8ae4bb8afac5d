import { CHART_HEIGHT, CHART_WIDTH } from './chart-svg.ts';
import type { ReportLinks } from './report-text.ts';
import type { PromiseTold, Summary } from './summary.ts';
import {
  changeWords,
  countWords,
  dayWords,
  figureWords,
  number,
  volumeWords,
  weekWords,
  worstWords,
} from './words.ts';

/** Mail programs know neither style sheets nor fonts of ours: every style stands where it is used, in a table. */
const SANS = "font-family:Overpass,'Segoe UI',Helvetica,Arial,sans-serif;color:#14181A";
const SMALL = `${SANS};font-size:15px;line-height:22px`;
const CAPTION = `${SANS};font-size:13px;line-height:20px;color:#586166`;
const RULE = 'border-top:1px solid #7A8287';
/** A name or a note may be one long word, and a phone is narrow. */
const BREAKS = 'word-break:break-word;overflow-wrap:anywhere';

/** The summary for a person; the chart of each promise is the picture `cid:<figure>`. */
export function reportHtml(summary: Summary, links: ReportLinks): string {
  const { site, name, demo, promises, volumes, notes, gaps } = summary;
  const rows = [
    demo
      ? row(
          'background:#14181A',
          `<b style="${SMALL};color:#F4F1E8">Demo data. These are not your customers.</b>`,
        )
      : '',
    ...gaps.map((gap) => row('', `<span style="${SMALL}">${safe(gap)}</span>`)),
    ...promises.map((told) => row(RULE, promiseHtml(told))),
    row(
      RULE,
      listHtml(
        'Volumes',
        volumes.map((volume) => [volume.name, volumeWords(volume)]),
      ),
    ),
    notes.length === 0
      ? ''
      : row(
          RULE,
          listHtml(
            'Notes',
            notes.map(({ when, text }) => [when, text]),
          ),
        ),
    row(
      RULE,
      `<p style="${SMALL};margin:0"><a style="color:#14181A" href="${safe(links.trends)}">See it whole</a></p>
<p style="${CAPTION};margin:8px 0 0">You get this every week. <a style="color:#586166" href="${safe(links.unsubscribe)}">Stop it</a></p>`,
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light">
<title>${safe(name)}: ${weekWords(summary)}</title>
</head>
<body style="margin:0;background:#F6F4EE">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="background:#F6F4EE"><tr><td align="center">
<table role="presentation" width="${CHART_WIDTH}" cellspacing="0" cellpadding="0" style="width:100%;max-width:${CHART_WIDTH}px;text-align:left">
${row(
  '',
  `<h1 style="${SANS};font-size:26px;line-height:32px;margin:0">${safe(site === name ? name : `${site}: ${name}`)}</h1>
<p style="${SMALL};margin:0">${weekWords(summary)}</p>`,
)}
${rows.join('')}
</table>
</td></tr></table>
</body>
</html>
`;
}

function promiseHtml(told: PromiseTold): string {
  const { figure, name, target, worst, noun } = told;
  const goal = target === null ? '' : `<br>target ${target}%`;
  const worstList = worst.map(({ when, missed, of }): [string, string] => [
    when,
    `missed for ${number(missed)} of ${number(of)} ${noun}`,
  ]);
  return `<h2 style="${SANS};font-size:17px;line-height:24px;margin:0">${safe(name)}</h2>
<p style="${SANS};font-size:44px;line-height:52px;font-weight:700;margin:0">${figureWords(told)}</p>
<p style="${SMALL};margin:0">${countWords(told)}${goal}<br>${changeWords(told)}</p>
<img src="cid:${figure}" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" alt="${safe(altOf(told))}" style="${CAPTION};display:block;width:100%;height:auto;margin:12px 0 0">
<p style="${CAPTION};margin:0">Dotted: the target. Grey line: the week before. Bars: how many ${noun}.</p>
${worst.length === 0 ? '' : listHtml(worstWords(told), worstList)}`;
}

/** What the chart says, for those who do not see it. */
function altOf({ days, noun }: PromiseTold): string {
  const each = days.map(
    ({ date, n, d }) => `${dayWords(date)} ${d === 0 ? `no ${noun}` : `${number(n)} of ${number(d)}`}`,
  );
  return `${each.join(', ')}.`;
}

function listHtml(title: string, lines: readonly (readonly [string, string])[]): string {
  const items = lines.map(
    ([what, words]) =>
      `<tr><td style="${SMALL};padding:0 16px 0 0;vertical-align:top;white-space:nowrap">${safe(what)}</td><td style="${SMALL};${BREAKS};width:100%">${safe(words)}</td></tr>`,
  );
  return `<h3 style="${CAPTION};font-weight:400;margin:12px 0 0">${safe(title)}</h3>
<table role="presentation" cellspacing="0" cellpadding="0">${items.join('')}</table>`;
}

function row(style: string, html: string): string {
  return `<tr><td style="padding:16px 12px;${BREAKS};${style}">${html}</td></tr>\n`;
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}
