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

/** Where a mail leads. */
export interface ReportLinks {
  trends: string;
  unsubscribe: string;
}

/** The summary for a program that shows no pictures, or reads aloud. Lines are short, and nothing is drawn with signs. */
export function reportText(summary: Summary, links: ReportLinks): string {
  const { site, name, demo, promises, volumes, notes, gaps } = summary;
  const blocks = [
    [site === name ? name : `${site}: ${name}`, weekWords(summary)],
    ...(demo ? [['Demo data. These are not your customers.']] : []),
    ...(gaps.length > 0 ? [gaps] : []),
    ...promises.map(promiseLines),
    ['Volumes', ...volumes.map((volume) => `${volume.name}: ${volumeWords(volume)}`)],
    ...(notes.length > 0 ? [['Notes', ...notes.map(({ when, text }) => `${when}: ${text}`)]] : []),
    [`See it whole: ${links.trends}`],
    ['You get this every week. To stop it:', links.unsubscribe],
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function promiseLines(told: PromiseTold): string[] {
  const { name, target, worst, noun } = told;
  const goal = target === null ? '' : `, target ${target}%`;
  return [
    `${name}: ${figureWords(told)}`,
    `${countWords(told)}${goal}`,
    changeWords(told),
    ...told.days.map(
      ({ date, n, d }) => `${dayWords(date)}: ${d === 0 ? `no ${noun}` : `${number(n)} of ${number(d)}`}`,
    ),
    ...(worst.length > 0 ? [`${worstWords(told)}:`] : []),
    ...worst.map(({ when, missed, of }) => `${when}: missed for ${number(missed)} of ${number(of)} ${noun}`),
  ];
}
