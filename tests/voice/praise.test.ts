import { describe, expect, it } from 'vitest';
import { praiseOf, QUOTE_CHARS_MAX, QUOTE_CHARS_MIN, sameWordsKey } from '../../server/judge/praise.ts';

const points = (text: string): number | null => praiseOf(text, ['acme'])?.points ?? null;

describe('the rule for the quote of the day', () => {
  it.each([
    ['Thank you, you were kind to my mother.', 2],
    ['So grateful: a kind person answered the phone at once.', 5],
    ['Thanks @acme, that was a lovely call.', 3],
    ['Danke für den freundlichen Rückruf in zehn Minuten!', 4],
    ['Merci, une personne aimable a décroché tout de suite.', 3],
    ['Muchas gracias, una persona muy amable contestó enseguida.', 4],
  ])(
    'gives a point for every different word of praise and of what the wall promises: %s',
    (text, expected) => {
      expect(points(text)).toBe(expected);
    },
  );

  it('lets us be named, with our server or without it, and nobody else', () => {
    const own = ['acme', 'care@social.example'];
    for (const name of ['acme', 'Acme', 'care', 'care@social.example', 'care.'])
      expect(praiseOf(`Thank you kindly, @${name}`, own)?.points, name).toBe(2);
    for (const name of ['acme2', 'care@other.example', 'car', 'social.example'])
      expect(praiseOf(`Thank you kindly, @${name}`, own), name).toBeNull();
  });

  it('says which words it found', () => {
    expect(praiseOf('Thank you! Thankful for the call, a kind call.', [])).toEqual({
      points: 3,
      praise: ['thank*', 'kind'],
      about: ['call'],
    });
  });

  it.each([
    ['no praise', 'They picked up the phone at once, in a minute.'],
    ['complaint', 'Thank you for nothing, I was on hold for an hour.'],
    ['doubt', 'Kind people, but nobody could help me.'],
    ['denial', 'That was not kind of you, Harbor Health.'],
    ['a short denial', "You weren't kind to my mother today."],
    ['a curled denial', 'You weren’t kind to my mother today.'],
    ['irony that waits', 'Great, waiting for an hour again with lovely music.'],
    ['a question', 'Who was the kind person that answered my call?'],
    ['a link', 'Thank you, kind people: https://shop.example/buy'],
    ['somebody’s handle', 'Thank you @tomas@social.example, kind of you to call.'],
    ['German doubt', 'Danke, aber leider hat niemand abgehoben.'],
    ['marks that turn the text round', 'Thank you \u202Ekind\u202C people of the phone.'],
    ['piled-up marks', `Thank you k${'\u0337'.repeat(5)}ind people of the phone.`],
    ['emoji', 'Thank you kind people of the phone 🙏'],
    ['a word that only begins like praise', 'The kindergarten of my kinds opened late.'],
  ])('takes nothing with %s', (_what, text) => {
    expect(points(text)).toBeNull();
  });

  it('takes what fits the wall and says enough', () => {
    expect(points(`Thank ${'x'.repeat(QUOTE_CHARS_MIN - 6)}`)).toBe(1);
    expect(points(`Thank ${'x'.repeat(QUOTE_CHARS_MIN - 7)}`)).toBeNull();
    expect(points(`Thank ${'x'.repeat(QUOTE_CHARS_MAX - 6)}`)).toBe(1);
    expect(points(`Thank ${'x'.repeat(QUOTE_CHARS_MAX - 5)}`)).toBeNull();
  });

  it('is quick with words made to be slow', () => {
    const startedAt = performance.now();
    praiseOf(`thank ${"n't ".repeat(28)}`, []);
    praiseOf('@a.'.repeat(40), []);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });

  it('knows the same words however they are written', () => {
    expect(sameWordsKey('  You rang me BACK! ')).toBe(sameWordsKey('you rang, me back'));
    expect(sameWordsKey('You rang')).not.toBe(sameWordsKey('You ran'));
  });
});
