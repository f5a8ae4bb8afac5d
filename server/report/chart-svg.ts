import type { Tally } from '../../shared/figure.ts';
import { wholePercent } from '../../shared/percent.ts';
import type { PromiseTold } from './summary.ts';
import { dayWords, number } from './words.ts';

/** Size in a mail; it is drawn with twice as many dots. */
export const CHART_WIDTH = 600;
export const CHART_HEIGHT = 196;

const COLOURS = {
  ground: '#F6F4EE',
  ink: '#14181A',
  ink3: '#586166',
  line: '#7A8287',
  rule: '#DAD7CC',
  fill: '#DCDAD0',
  short: '#B87400',
};

/** Left of it stand numbers of up to six signs. */
const [LEFT, RIGHT, TOP, BOTTOM] = [50, 598, 14, 124];
const [BAR_TOP, BAR_BOTTOM, FOOT] = [140, 170, 188];
/** A phone shows it half as large. */
const TEXT = 15;

/**
 * One promise day by day, as on the trends page: a step line on its target, the shortfall filled, the week before in grey,
 * and how many there were as bars below. The same is said in words beside it.
 */
export function chartSvg({ days, target }: PromiseTold): string {
  const rule = target === null ? {} : { target };
  const percents = days.map((day) => wholePercent(day, rule));
  const before = days.map((day) => wholePercent(day.before, rule));
  const low = lowestOf([...percents, ...before, target]);
  const width = (RIGHT - LEFT) / Math.max(1, days.length);
  const x = (i: number): number => LEFT + i * width;
  const y = (percent: number): number => BOTTOM - ((percent - low) / (100 - low)) * (BOTTOM - TOP);
  const most = Math.max(1, ...days.map(({ d }) => d));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" font-family="Overpass" font-size="${TEXT}" fill="${COLOURS.ink3}">
<rect width="${CHART_WIDTH}" height="${CHART_HEIGHT}" fill="${COLOURS.ground}"/>
${days.map((day, i) => bar(day, x(i), width, most)).join('')}
${percents.map((percent, i) => shortfall(percent, target, x(i), width, y)).join('')}
${across(BOTTOM, COLOURS.line, 1)}${across(BAR_BOTTOM, COLOURS.line, 1)}
<path d="${stepLine(before, x, y)}" fill="none" stroke="${COLOURS.line}" stroke-width="1.5"/>
${target === null ? '' : across(y(target), COLOURS.ink3, 1.5, '2 4')}
<path d="${stepLine(percents, x, y)}" fill="none" stroke="${COLOURS.ink}" stroke-width="3"/>
${levels(low, target)
  .map((level) => label(0, y(level) + TEXT / 3, String(level)))
  .join('')}
${label(0, BAR_TOP + TEXT / 2, number(most))}
${days.map(({ date }, i) => label(x(i) + width / 2, FOOT, dayWords(date).replace(/ \w+$/, ''), 'middle')).join('')}
</svg>`;
}

/** The ten below the lowest value shown, as both charts of the page have it. */
function lowestOf(values: readonly (number | null)[]): number {
  const least = Math.min(...values.filter((value) => value !== null), 80);
  return Math.max(0, Math.floor((least - 0.001) / 10) * 10);
}

/** The ends of the range, and the target between them where its words have room. */
function levels(low: number, target: number | null): number[] {
  const room = (100 - low) * 0.14;
  const between = target !== null && target - low > room && 100 - target > room ? [target] : [];
  return [100, ...between, low];
}

function bar({ d }: Tally, x: number, width: number, most: number): string {
  const height = (d / most) * (BAR_BOTTOM - BAR_TOP);
  return `<rect x="${at(x + 1.5)}" y="${at(BAR_BOTTOM - height)}" width="${at(width - 3)}" height="${at(height)}" fill="${COLOURS.fill}"/>`;
}

function shortfall(
  percent: number | null,
  target: number | null,
  x: number,
  width: number,
  y: (percent: number) => number,
): string {
  if (percent === null || target === null || percent >= target) return '';
  return `<rect x="${at(x)}" y="${at(y(target))}" width="${at(width)}" height="${at(y(percent) - y(target))}" fill="${COLOURS.short}" opacity=".38"/>`;
}

/** It breaks where there is no value. */
function stepLine(
  values: readonly (number | null)[],
  x: (i: number) => number,
  y: (percent: number) => number,
): string {
  let path = '';
  let open = false;
  for (const [i, value] of values.entries()) {
    if (value !== null) path += `${open ? 'V' : `M${at(x(i))} `}${at(y(value))}H${at(x(i + 1))}`;
    open = value !== null;
  }
  return path;
}

function across(y: number, colour: string, width: number, dashes?: string): string {
  return `<path d="M${LEFT} ${at(y)}H${RIGHT}" stroke="${colour}" stroke-width="${width}"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/>`;
}

function label(x: number, y: number, text: string, anchor = 'start'): string {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${text}</text>`;
}

function at(value: number): string {
  return value.toFixed(1);
}
