/** Figures in the words of the page, as they follow a number; with a word for one where it is another. */
const NAMES: Readonly<Record<string, string | readonly [one: string, more: string]>> = {
  callsOffered: ['call', 'calls'],
  emailsReceived: ['email', 'emails'],
  mentions: ['mention', 'mentions'],
  shortAbandons: 'gave up at once',
  callbacksAccepted: 'chose to be called back',
  overflowed: 'moved to another queue',
  outOfHours: 'out of hours',
  callsUnknown: 'of unknown end',
  emailsAutomated: 'automated',
  emailsInternal: 'internal',
  emailsSpam: 'spam',
  emailsDuplicate: ['further copy', 'further copies'],
  emailsWaived: 'waived',
  emailsUnknown: 'answered out of sight',
  skew: 'with clocks apart',
  reach: ['repost', 'reposts'],
  mentionsDeleted: 'deleted',
  mentionsNotPublic: 'not public',
  mentionsOwn: 'our own',
  mentionsMutedAccount: 'of muted accounts',
  mentionsMutedWord: 'with muted words',
  mentionsOtherLanguage: 'in other languages',
};

/** "4 gave up at once". */
export function figureText({ figure, n }: { figure: string; n: number }): string {
  const name = NAMES[figure] ?? figure;
  const word = typeof name === 'string' ? name : name[n === 1 ? 0 : 1];
  return `${n.toLocaleString('en')} ${word}`;
}
