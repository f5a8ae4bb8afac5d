import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlToText } from '../../server/sources/html-text.ts';
import { cleanLine, cleanText, httpsAddress } from '../../server/sources/plain-text.ts';

describe('HTML of others', () => {
  it.each([
    ['<p>One</p><p>two<br>three<br/>four</p>', 'One\n\ntwo\nthree\nfour'],
    ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
    ['Tom &amp; Ann &lt;3 &#128522; &#x1F600; &nbsp;&eacute;&unknown;', 'Tom & Ann <3 😊 😀 é&unknown;'],
    ['&amp;lt;script&amp;gt;', '&lt;script&gt;'],
    ['5 < 6 and <3 and a<b', '5 < 6 and <3 and a'],
    ['<script>alert(1)</script>safe<style>p{}</style>', 'safe'],
    ['<SCRIPT SRC=//evil.example>x</ScRiPt >safe', 'safe'],
    ['<scr<script>ipt>alert(1)</script>', 'ipt>alert(1)'],
    ['<img src=x onerror="alert(1)">safe', 'safe'],
    ['<a href="javascript:alert(1)" title="a>b">link</a>', 'link'],
    ['<!-- <p>hidden</p> -->seen<!-- open', 'seen'],
    ['<p title="never closed>swallowed</p> kept?', 'swallowed\n\nkept?'],
    ['<iframe src="https://evil.example"></iframe><svg onload=alert(1)><text>x</text></svg>y', 'y'],
    ['<p', ''],
    ['<p>cut in <b', 'cut in'],
    [
      '<a href="https://a.example/very/long"><span class="invisible">https://</span><span class="ellipsis">a.example/very</span><span class="invisible">/long</span></a>',
      'a.example/very…',
    ],
    ['', ''],
  ])('%j becomes %j', (html, text) => {
    expect(htmlToText(html, 1_000)).toBe(text);
  });

  it('of whatever kind becomes a text that fits, without markup that was there', () => {
    const parts = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '<script>',
      '</script>',
      '<p>',
      '<!--',
      '-->',
      '&lt;',
      '&#60;',
      ' ',
      'word',
      '\n',
      '<a href="',
      '</',
      '😀',
      '\u202e',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (pieces) => {
        const text = htmlToText(pieces.join(''), 50);
        expect(text.length).toBeLessThanOrEqual(50);
        expect(text).not.toMatch(/\p{Cc}(?<!\n)|\u202e/u);
        expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '<',
    '<script>',
    '<a "',
    '<a b="',
    '<span class="invisible">',
    '<span class="ellipsis">',
    '<!--',
    '<script></s',
    '&#',
    '&amp;',
    '<![CDATA[',
  ])('of nothing but %s takes no longer than its length', (piece) => {
    const began = performance.now();
    htmlToText(piece.repeat(50_000), 1_000);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('a text of others', () => {
  it.each([
    ['a\u202eb\u2066c\u200fd', 'abcd'],
    ['a\u0000b\u001bc\u0085d', 'abcd'],
    ['a\r\nb\rc\n\n\n\nd', 'a\nb\nc\n\nd'],
    ['  a \t\u00a0\u2003 b  \n  c ', 'a b\nc'],
    [`Z${'\u0353'.repeat(40)}algo`, `Z${'\u0353'.repeat(4)}algo`],
    ['👩‍⚕️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 क्षि', '👩‍⚕️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 क्षि'],
    ['half \ud83d', 'half \ufffd'],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanText(text, 1_000)).toBe(clean);
  });

  it('that is too long is cut at a word, and never inside a character', () => {
    expect(cleanText('one two three four', 15)).toBe('one two three…');
    for (let chars = 2; chars < 30; chars += 1) {
      const cut = cleanText('😀'.repeat(40), chars);
      expect(cut.length).toBeLessThanOrEqual(chars);
      expect(cut.isWellFormed()).toBe(true);
    }
  });

  it('of a name is one line', () => {
    expect(cleanLine('Ada\n\u2028Fairholt', 50)).toBe('Ada Fairholt');
  });
});

it.each([
  ['https://a.example/x?y=1#z', 'https://a.example/x?y=1#z'],
  ['https://ü.example/é "x"', 'https://xn--tda.example/%C3%A9%20%22x%22'],
  ['http://a.example/', undefined],
  ['javascript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['https://user:secret@a.example/', undefined],
  ['//a.example', undefined],
  [`https://a.example/${'x'.repeat(2_000)}`, undefined],
  [null, undefined],
])('an address is kept only as https and whole: %j', (written, kept) => {
  expect(httpsAddress(written)).toBe(kept);
});
