/** A mail as a program writes it. */
export interface MailWords {
  id?: string | null;
  from?: string;
  to?: string;
  cc?: string;
  subject?: string;
  refs?: string;
  inReplyTo?: string;
  more?: string;
}

/** Its text: headers, and a body that nobody may ever read. */
export function mailText(words: MailWords = {}): string {
  const { id = '<q1@cust.example>', from = 'Ann <ann@cust.example>', to = 'help@acme.example' } = words;
  const lines = [
    id === null ? null : `Message-ID: ${id}`,
    `From: ${from}`,
    `To: ${to}`,
    words.cc === undefined ? null : `Cc: ${words.cc}`,
    `Subject: ${words.subject ?? 'A question'}`,
    'Date: Mon, 1 Jan 2001 00:00:00 +0000',
    words.refs === undefined ? null : `References: ${words.refs}`,
    words.inReplyTo === undefined ? null : `In-Reply-To: ${words.inReplyTo}`,
    words.more ?? null,
    'MIME-Version: 1.0',
  ];
  return `${lines.filter((line) => line !== null).join('\r\n')}\r\n\r\nNobody but you may read this.\r\n`;
}

/** Our answer to it. */
export function answerText(to: string, words: MailWords = {}): string {
  return mailText({
    id: `<re-${to.replace(/[<>]/g, '').replace('@', '.')}@acme.example>`,
    from: 'Sam <sam@acme.example>',
    to: 'ann@cust.example',
    inReplyTo: to,
    ...words,
  });
}
