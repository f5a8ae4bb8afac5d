import { describe, expect, it } from 'vitest';
import { decodeFeed } from '../../../server/sources/rss/decode.ts';
import { readHead, readItem } from '../../../server/sources/rss/item.ts';
import { splitFeed } from '../../../server/sources/rss/split.ts';
import { longestBlock } from '../../support/longest-block.ts';

const itemsOf = async (xml: string) => {
  const { items, format } = await splitFeed(xml);
  return items.map((item) => readItem(item, format));
};
const inRss = (item: string): string => `<rss version="2.0"><channel><item>${item}</item></channel></rss>`;
const inAtom = (entry: string): string =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><entry>${entry}</entry></feed>`;
const TEN = Date.parse('2026-11-22T10:00:00Z');

describe('an item', () => {
  it('of RSS 2.0 is read with all that belongs to it', async () => {
    const xml = inRss(`
      <guid isPermaLink="false">42</guid>
      <title><![CDATA[Good <b>care</b> &amp; coffee]]></title>
      <link>https://r.example/1?a=1&amp;b=2</link>
      <pubDate>Sun, 22 Nov 2026 05:00:00 EST</pubDate>
      <dc:creator>Zo&#235;</dc:creator>
      <description>&lt;p&gt;Nice &amp;amp; kind&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</description>`);
    expect(await itemsOf(xml)).toEqual([
      {
        id: '42',
        title: 'Good care & coffee',
        text: 'Nice & kind',
        author: 'Zoë',
        at: TEN,
        updatedAt: null,
        url: 'https://r.example/1?a=1&b=2',
        lang: undefined,
      },
    ]);
  });

  it('of Atom is read with all that belongs to it', async () => {
    const xml = inAtom(`
      <id>urn:uuid:1</id>
      <title>AT&amp;T &lt;3 us</title>
      <link rel="self" href="https://a.example/self"/><link rel="alternate" href="https://a.example/1"/>
      <published>2026-11-22T11:00:00+01:00</published><updated>2026-11-22T10:05:00Z</updated>
      <author><name>Ann</name></author>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &amp; two</p><p>three</p></div></content>`);
    expect(await itemsOf(xml)).toMatchObject([
      {
        id: 'urn:uuid:1',
        title: 'AT&T <3 us',
        text: 'One & two\n\nthree',
        author: 'Ann',
        at: TEN,
        updatedAt: TEN + 300_000,
        url: 'https://a.example/1',
      },
    ]);
  });

  it.each([
    ['a picture', '<content type="image/png">iVBORw0KGgoAAAANSUhEUg==</content>', 'In words'],
    ['other XML', '<content type="application/xml"><price>1</price></content>', 'In words'],
    ['a sound elsewhere', '<content src="https://a.example/1.mp3" type="audio/mpeg"/>', 'In words'],
    ['plain text by its media type', '<content type="text/plain">1 &lt; 2</content>', '1 < 2'],
    ['HTML by its media type', '<content type="Text/HTML">&lt;p&gt;Good&lt;/p&gt;</content>', 'Good'],
  ])('of Atom shows no content that is no words: %s', async (_, content, text) => {
    const xml = inAtom(`<id>urn:1</id><title>T</title>${content}<summary>In words</summary>`);
    expect(await itemsOf(xml)).toMatchObject([{ text }]);
  });

  it('of Atom with several authors bears the name of the first', async () => {
    const authors = '<author><name>Ann</name></author><author><name>Bo</name></author>';
    expect(await itemsOf(inAtom(`<id>urn:1</id><title>T</title>${authors}`))).toMatchObject([
      { author: 'Ann' },
    ]);
  });

  it('of RDF is read', async () => {
    const xml =
      '<rdf:RDF><channel/><item rdf:about="https://a.example/1"><title>One</title><dc:date>2026-11-22T10:00:00Z</dc:date></item></rdf:RDF>';
    expect(await itemsOf(xml)).toMatchObject([{ id: 'https://a.example/1', title: 'One', at: TEN }]);
  });

  it.each([
    ['Sun, 22 Nov 2026 10:00:00 GMT', TEN],
    ['22 Nov 26 10:00:00 +0000', TEN],
    ['Sun, 22 Nov 2026 10:00 Z', TEN],
    ['2026-11-22T10:00:00', TEN],
    ['2026-11-22 10:00:00', TEN],
    ['Sun, 22 Nov 2026 10:00:00', TEN],
    ['2026-11-22', TEN - 36_000_000],
    ['yesterday', null],
    ['0000-00-00T00:00:00Z', null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', null],
    ['', null],
  ])('dated "%s" is dated wherever this runs', async (date, at) => {
    expect((await itemsOf(inRss(`<title>x</title><pubDate>${date}</pubDate>`)))[0]?.at).toBe(at);
  });

  it('keeps no address of its author', async () => {
    expect(
      (await itemsOf(inRss('<title>x</title><author>lee@cust.example (Lee B)</author>')))[0]?.author,
    ).toBe('Lee B');
    expect((await itemsOf(inRss('<title>x</title><author>lee@cust.example</author>')))[0]?.author).toBe('');
  });

  it('that holds what looks like its end is read to its true end', async () => {
    const xml = inRss(
      '<title>a</title><!-- </item> --><content:encoded><![CDATA[</item> b]]></content:encoded><x y="</item>"/>',
    );
    expect(await itemsOf(xml)).toMatchObject([{ title: 'a', text: 'b' }]);
  });
});

describe('a feed', () => {
  it('says what it is called, in which language, and how long it is fresh', async () => {
    const { head } = await splitFeed(
      '<rss><channel><title>A &amp; B</title><language>de</language><ttl>30</ttl><item/></channel></rss>',
    );
    expect(readHead(head)).toEqual({ title: 'A & B', lang: 'de', freshMs: 1_800_000 });
  });

  it.each([
    ['<!doctype html><html><body>', /It is a web page/],
    ['{"version":"https://jsonfeed.org/version/1"}', /It is no XML/],
    ['', /It is no XML/],
    ['<opml version="2.0"></opml>', /It begins with <opml>/],
  ])('is not %j', async (text, words) => {
    await expect(splitFeed(text)).rejects.toThrow(words);
  });

  it.each([
    [
      'a billion laughs',
      '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
    ],
    [
      'a second declaration',
      '<rss><!DOCTYPE x><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><channel/></rss>',
    ],
  ])('with entities of its own is refused: %s', async (_, xml) => {
    await expect(splitFeed(xml)).rejects.toThrow(/declares entities of its own/);
  });

  it('that names a DTD without declaring anything is read (RSS 0.91 does)', async () => {
    const xml =
      '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss><channel><item><title>x</title></item></channel></rss>';
    expect(await itemsOf(xml)).toHaveLength(1);
  });

  it('that was cut off is read as far as it goes', async () => {
    const whole = `<rss><channel>${'<item><title>x</title></item>'.repeat(3)}</channel></rss>`;
    for (let length = 0; length < whole.length; length += 1) {
      const cut = whole.slice(0, length);
      if (length < 5) await expect(splitFeed(cut)).rejects.toThrow();
      else expect(await splitFeed(cut)).toMatchObject({ isWhole: false });
    }
    expect(await splitFeed(whole)).toMatchObject({ isWhole: true, items: { length: 3 } });
  });

  it.each([
    ['open CDATA', `<rss><channel>${'<item><![CDATA['.repeat(200_000)}`],
    ['open comments', `<rss>${'<!--'.repeat(500_000)}`],
    ['open quotes', `<rss>${'<a b="'.repeat(300_000)}`],
    ['angles', `<rss>${'<'.repeat(2_000_000)}`],
    ['nesting', `<rss><item>${'<a>'.repeat(100_000)}`],
    ['tags', `<rss>${'<a>'.repeat(900_000)}`],
  ])('of nothing but %s takes no longer than its length, and holds up nothing for 50 ms', async (_, xml) => {
    const began = performance.now();
    expect(await longestBlock(async () => expect((await splitFeed(xml)).items).toHaveLength(0))).toBeLessThan(
      50,
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each([
    ['flat tags', '<a/>'.repeat(30_000)],
    ['text', `<description>${'&lt;p&gt;'.repeat(14_000)}</description>`],
    ['attributes', `<a ${'b="c" '.repeat(20_000)}/>`],
    ['CDATA', `<description>${'<![CDATA[x]]>'.repeat(9_000)}</description>`],
  ])('with an item of nothing but %s holds up nothing for 50 ms', async (_, inner) => {
    const { items } = await splitFeed(`<rss><channel><item>${inner}</item></channel></rss>`);
    expect(items).toHaveLength(1);
    // Once to warm up: what the engine compiles is compiled once.
    readItem(items[0] ?? '', 'rss');
    const longest = await longestBlock(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      readItem(items[0] ?? '', 'rss');
      await new Promise((resolve) => setTimeout(resolve, 2));
    });
    expect(longest).toBeLessThan(50);
  });

  it('with one broken item loses that one alone', async () => {
    const deep = `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`;
    const xml = `<rss><channel><item><title>a</title></item><item>${deep}</item><item><title>c</title></item></channel></rss>`;
    expect((await itemsOf(xml)).map((item) => item?.title ?? null)).toEqual(['a', null, 'c']);
  });
});

describe('the encoding of a feed', () => {
  const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><rss>Zoë</rss>', 'latin1');
  const utf8 = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><rss>Zoë</rss>', 'utf8');

  it.each([
    ['UTF-8, whatever is named', utf8, 'text/xml; charset=iso-8859-1'],
    ['named in the declaration', latin, null],
    ['named wrongly in the header', latin, 'application/rss+xml; charset=utf-8'],
    ['named in the header', Buffer.from('<rss>Zoë</rss>', 'latin1'), 'text/xml; charset=latin1'],
    ['named nowhere', Buffer.from('<rss>Zoë</rss>', 'latin1'), null],
    ['an unknown one', Buffer.from('<rss>Zoë</rss>', 'latin1'), 'text/xml; charset=klingon'],
    ['UTF-16 with a mark', Buffer.from('\ufeff<rss>Zoë</rss>', 'utf16le'), null],
  ])('is found: %s', (_, body, contentType) => {
    expect(decodeFeed(body, contentType)).toContain('Zoë');
  });
});
