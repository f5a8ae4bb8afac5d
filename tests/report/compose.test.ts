import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHART_HEIGHT, CHART_WIDTH, chartSvg } from '../../server/report/chart-svg.ts';
import { drawSummary, mailOf } from '../../server/report/compose.ts';
import { builtFont, drawPictures } from '../../server/report/draw.ts';
import type { PromiseTold } from '../../server/report/summary.ts';
import { changeWords, countWords, figureWords } from '../../server/report/words.ts';
import type { TrendsAnswer } from '../../shared/wire-trends.ts';
import { longestBlock } from '../support/longest-block.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { aSummary, aWeek, MONDAY } from './a-summary.ts';

const OVERPASS = join(
  import.meta.dirname,
  '../../node_modules/@fontsource-variable/overpass/files/overpass-latin-wght-normal.woff2',
);
const to = { address: 'boss@harbor.example', scope: 'team:help' as const, token: 'the-token-of-this-mail' };
const about = { url: 'https://wall.harbor.example', at: MONDAY, occasion: '2026-11-09' };

/** The calls' promise of a week with this in it. */
function calls(
  total: { n: number; d: number },
  more: Partial<TrendsAnswer['series'][number]> = {},
): PromiseTold {
  const [first, ...rest] = aWeek().series;
  const own = { ...first!, total, ...more };
  const [told] = aSummary({ series: [own, ...rest] }).promises;
  return told!;
}

const weekBefore = (n: number, d: number) => ({ n: [], d: [], total: { n, d } });

describe('what a summary says', () => {
  it('never says a percent of too few, nor rounds onto a promise that was not kept', () => {
    expect(figureWords(calls({ n: 3, d: 4 }))).toBe('3 of 4');
    expect(figureWords(calls({ n: 4, d: 5 }))).toBe('80%');
    expect(figureWords(calls({ n: 749, d: 1_000 }))).toBe('74%');
    expect(figureWords(calls({ n: 999, d: 1_000 }))).toBe('99%');
    expect(figureWords(calls({ n: 0, d: 0 }))).toBe('–');
    expect(countWords(calls({ n: 0, d: 0 }))).toBe('no calls this week');
    expect(countWords(calls({ n: 1, d: 1 }))).toBe('1 of 1 call');
    expect(countWords(calls({ n: 7_570, d: 8_185 }))).toBe('7,570 of 8,185 calls');
  });

  it('says how it was against the week before, and nothing where nothing can be said', () => {
    const total = { n: 80, d: 100 };
    const words = (change: PromiseTold['change'], own = total): string =>
      changeWords(calls(own, { change, before: weekBefore(60, 100) }));
    expect(words({ kind: 'up', points: 20 })).toBe('up 20 on the week before (60 of 100)');
    expect(words({ kind: 'down', points: 2 })).toBe('down 2 on the week before (60 of 100)');
    expect(words({ kind: 'level' })).toBe('level on the week before (60 of 100)');
    expect(words({ kind: 'about' })).toBe('no clear change on the week before (60 of 100)');
    expect(words(null)).toBe('too few to compare with the week before (60 of 100)');
    expect(words(null, { n: 0, d: 0 })).toBe('too few to compare with the week before (60 of 100)');
    expect(changeWords(calls(total, { before: weekBefore(0, 0), change: null }))).toBe(
      'nothing in the week before to compare with',
    );
  });

  it('names the three hours with the most misses, and by which hour emails are meant', () => {
    const [first, second] = aSummary().promises;
    expect(first?.worst).toEqual([
      { when: 'Tue 10 Nov 10:00 to 11:00', missed: 12, of: 31 },
      { when: 'Thu 12 Nov 08:00 to 09:00', missed: 7, of: 9 },
      { when: 'Wed 11 Nov 23:00 to 24:00', missed: 7, of: 10 },
    ]);
    expect([first?.byArrival, second?.byArrival]).toEqual([false, true]);
  });

  it('calls the promise of emails by the time that is promised', () => {
    const named = (emailsWithinHour: number): string | undefined =>
      aSummary({}, { promisedMs: { emailsWithinHour } }).promises[1]?.name;
    expect([named(3_600_000), named(1_800_000), named(7_200_000)]).toEqual([
      'Emails within the hour',
      'Emails within 30 minutes',
      'Emails within 2 hours',
    ]);
  });

  it('says what is not known to its end, and only where that is in the week', () => {
    const gapsAt = (at: number): string[] => aSummary({ notKnownFrom: [{ feed: 'phones', at }] }).gaps;
    expect(gapsAt(MONDAY + 4 * 86_400_000 + 50_531_000)).toEqual([
      'Phones are not known after Fri 13 Nov 14:02.',
    ]);
    expect(gapsAt(MONDAY + 7 * 86_400_000)).toEqual([]);
  });
});

describe('the mail', () => {
  it('says the same with and without pictures, and nobody of the staff', async () => {
    const summary = aSummary({ demo: true });
    const mail = mailOf({ summary, pictures: [] }, to, about);
    expect(mail.subject).toBe('[demo data] Patient Support: Mon 9 Nov to Sun 15 Nov 2026');
    for (const body of [mail.text, mail.html ?? '']) {
      expect(body).toContain('Demo data. These are not your customers.');
      expect(body).toContain('189 of 243 calls');
      expect(body).toContain('no clear change on the week before (182 of 243)');
      expect(body).toContain('missed for 12 of 31 emails');
      expect(body).toContain('Wed 11 Nov 10:12');
      expect(body).toContain('unsubscribe?token=the-token-of-this-mail');
      expect(body).not.toContain('Ann Example');
    }
    expect(mail.text).toContain('Carrier <trunk> down');
    expect(mail.html).toContain('Carrier &lt;trunk&gt; down');
    expect(mail.html).toContain('alt="Mon 9 Nov 40 of 50, Tue 10 Nov 38 of 47,');
    expect(mail.html).not.toMatch(/<script|<link|src="http|url\(/);
    expect(mail.text.split('\n').filter((line) => line.length > 900)).toEqual([]);
  });

  it('cannot be broken by what people write', () => {
    const text = '"><img src=x onerror=alert(1)> & \u2028 </td>';
    const marks = [{ id: 1, at: MONDAY, kind: 'note' as const, text, by: text }];
    const summary = { ...aSummary({ marks }, { name: text }), site: text };
    const { html = '' } = mailOf({ summary, pictures: [] }, to, about);
    expect(html).not.toContain('<img src=x');
    expect(html.match(/<img /g)).toHaveLength(2);
  });

  it('has the same Message-ID for the same subscriber and week, and no secret in it', () => {
    const drawn = { summary: aSummary(), pictures: [] };
    const idOf = (token: string, occasion: string): string =>
      mailOf(drawn, { ...to, token }, { ...about, occasion }).messageId;
    expect(idOf('a', '2026-11-09')).toBe(idOf('a', '2026-11-09'));
    expect(idOf('a', '2026-11-09')).not.toBe(idOf('a', '2026-11-16'));
    expect(idOf('a', '2026-11-09')).not.toBe(idOf('b', '2026-11-09'));
    expect(idOf('the-token', '2026-11-09')).toMatch(/^<weekly\.[\w-]{24}@wall\.harbor\.example>$/);
  });

  it('offers one click where that is safe, and is marked as sent by a program', () => {
    const drawn = { summary: aSummary(), pictures: [] };
    const secure = mailOf(drawn, to, about).headers;
    expect(secure).toMatchObject({
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': '<https://wall.harbor.example/unsubscribe?token=the-token-of-this-mail>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    const plain = mailOf(drawn, to, { ...about, url: 'http://10.0.0.5:3000' }).headers;
    expect(plain?.['List-Unsubscribe']).toBe(
      '<http://10.0.0.5:3000/unsubscribe?token=the-token-of-this-mail>',
    );
    expect(plain).not.toHaveProperty('List-Unsubscribe-Post');
  });
});

describe('the chart', () => {
  it('fills what is missing to the target, and breaks where there is nothing', () => {
    const [first, second] = aSummary().promises;
    const shortfalls = (told: PromiseTold): number => chartSvg(told).match(/opacity="\.38"/g)?.length ?? 0;
    // Wednesday and Friday; Tuesday and Thursday, and Sunday had no email.
    expect([shortfalls(first!), shortfalls(second!)]).toEqual([2, 2]);
    const line = /<path d="([^"]*)" fill="none" stroke="#14181A"/.exec(chartSvg(second!))?.[1];
    expect(line?.match(/[MV]/g)).toHaveLength(6);
    expect(chartSvg({ ...first!, target: null })).not.toMatch(/opacity|dasharray/);
    const none = {
      ...first!,
      days: first!.days.map((day) => ({ ...day, n: 0, d: 0, before: { n: 0, d: 0 } })),
    };
    expect(chartSvg(none)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is drawn beside the process, twice as fine, lettered in the typeface of the wall', async () => {
    const font = await readFile(OVERPASS);
    const summary = aSummary();
    let lettered = await drawSummary(summary, font);
    const blocked = await longestBlock(async () => {
      lettered = await drawSummary(summary, font);
    });
    expect(blocked).toBeLessThan(20);
    const bare = await drawSummary(summary, null);
    for (const { pictures } of [lettered, bare])
      expect(pictures.map(({ cid, type, bytes }) => [cid, type, sizeOf(bytes)])).toEqual([
        ['firstRing', 'image/png', [2 * CHART_WIDTH, 2 * CHART_HEIGHT]],
        ['emailsWithinHour', 'image/png', [2 * CHART_WIDTH, 2 * CHART_HEIGHT]],
      ]);
    expect(lettered.pictures[0]!.bytes.length).toBeGreaterThan(bare.pictures[0]!.bytes.length + 1_000);
  });

  it('is a problem in words when it cannot be drawn', async () => {
    await expect(drawPictures({ svgs: ['<svg'], width: 10, font: null })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The chart of a summary could not be drawn.',
    });
  });

  it('goes without letters where the client is not built', async () => {
    using folder = temporaryFolder();
    expect(await builtFont(folder.path)).toBeNull();
  });
});

function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return [view.getUint32(16), view.getUint32(20)];
}
