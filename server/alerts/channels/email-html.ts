import type { Message, ToldTurn } from './channel.ts';
import { headOf, leftOut, linkLabel, type Place, TURNS_SHOWN_MAX, wordsOf } from './words.ts';

/** The whole message as a page that mail programs show: no pictures, no styles but those at the elements, nothing fetched. */
export function htmlOf(message: Message, place: Place): string {
  const several = message.turns.length > 1;
  const left = leftOut(message);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(headOf(message))}</title></head>`,
    '<body style="margin:0;padding:16px;background:#ffffff;color:#1a1a1a;font:16px/1.45 sans-serif">',
    several ? `<p style="margin:0 0 16px">${escaped(headOf(message))}</p>` : '',
    ...message.turns.slice(0, TURNS_SHOWN_MAX).map((turn) => turnHtml(turn, place)),
    left === null ? '' : `<p>${escaped(left)}</p>`,
    '</body></html>\n',
  ].join('');
}

function turnHtml(turn: ToldTurn, place: Place): string {
  const { title, facts, link } = wordsOf(turn, place);
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal;color:#555555">${escaped(label)}</th><td style="padding:2px 0">${escaped(value)}</td></tr>`,
  );
  const button =
    link === null
      ? ''
      : `<p style="margin:12px 0 0"><a href="${escaped(link)}" style="color:#0b57d0">${escaped(linkLabel(turn.kind))}</a></p>`;
  return [
    `<div style="margin:0 0 24px;padding:0 0 0 12px;border-left:6px solid ${colourOf(turn)}">`,
    `<h1 style="margin:0 0 8px;font-size:20px">${escaped(title)}</h1>`,
    `<table style="border-collapse:collapse">${rows.join('')}</table>${button}</div>`,
  ].join('');
}

/** Beside the words, which say the same. */
function colourOf({ kind, alert }: ToldTurn): string {
  if (kind === 'resolved' || kind === 'acknowledged' || kind === 'test') return '#5f6b7a';
  return alert.level === 'critical' ? '#c5221f' : '#b06000';
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
