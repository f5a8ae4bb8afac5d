/** One piece of made-up praise or patience a day: at most 120 characters, cited by channel or area. */
export const quotes: readonly { text: string; cite: string }[] = [
  {
    text: 'I sat down with a coffee, ready to wait. She picked up, and we were done before it was cool enough to drink.',
    cite: 'from a caller in Queens',
  },
  { text: 'You asked how I was, and then you waited for the answer.', cite: 'from a caller in Astoria' },
  {
    text: 'Three lines, no jargon, and a phone number in case. That is how an email should look.',
    cite: 'by email',
  },
  { text: 'He stayed on the line until the pharmacy had really found it.', cite: 'from a caller in Harlem' },
  {
    text: 'I called about a bill and hung up feeling looked after. I did not know that was possible.',
    cite: 'from a caller in Flatbush',
  },
  { text: 'You rang me back. Nobody ever rings back.', cite: 'from a caller in Red Hook' },
  {
    text: 'She heard the baby crying and said: take your time, I am not going anywhere.',
    cite: 'from a caller in Bay Ridge',
  },
  {
    text: 'My father needs things said twice. She said them twice, gladly.',
    cite: 'from a caller in Riverdale',
  },
  {
    text: 'You did not have the answer, so you found the person who did. Thank you for not guessing.',
    cite: 'by email',
  },
  {
    text: 'Fastest reply I have had from anyone this year, and I have teenagers.',
    cite: 'by email, from Sunnyside',
  },
  { text: 'I was angry when I dialled. I was not when we said goodbye.', cite: 'from a caller in Jamaica' },
  {
    text: 'It was one small question at six in the morning, and it still mattered to you.',
    cite: 'from a caller in Queens',
  },
  { text: 'He spelled my name right the first time.', cite: 'from a caller in Tottenville' },
  { text: 'No script. Just a person who knew her work.', cite: 'from a caller in Harlem' },
  { text: 'I expected a form. I got an apology, a new date and a way to reach you.', cite: 'by email' },
  {
    text: 'The phone hardly rang. I had not even thought of what to say yet.',
    cite: 'from a caller in Astoria',
  },
  {
    text: 'You explained the letter so well that I explained it to my wife.',
    cite: 'from a caller in Flatbush',
  },
  { text: 'Somebody there writes beautiful, short emails. Tell them it is noticed.', cite: 'by email' },
  {
    text: 'I cried a little, and she was kind about it, and then we fixed it.',
    cite: 'from a caller in Bay Ridge',
  },
  {
    text: 'Ten minutes, you said. It was seven. I made tea for nothing.',
    cite: 'from a caller in Riverdale',
  },
  {
    text: 'You remembered that I had called last week. I felt like a patient, not a number.',
    cite: 'from a caller in Red Hook',
  },
  { text: 'He told me what it would cost before I had to ask.', cite: 'from a caller in Sunnyside' },
  {
    text: 'An hour after my email it was all arranged. I went for a walk instead of worrying.',
    cite: 'by email, from Queens',
  },
  { text: 'She laughed with me. On the phone, at a clinic. Imagine that.', cite: 'from a caller in Jamaica' },
  { text: 'Thank you for the honest no, and for the name of someone who could say yes.', cite: 'by email' },
  {
    text: 'I do not hear well. You wrote everything down and sent it while we spoke.',
    cite: 'from a caller in Tottenville',
  },
  { text: 'You called it my appointment, not a slot.', cite: 'from a caller in Harlem' },
  {
    text: 'Wrong number, it turned out, and you still helped me find the right one.',
    cite: 'from a caller in Astoria',
  },
  { text: 'Everything I was afraid to ask, you answered before I asked it.', cite: 'by email' },
  { text: 'A calm voice at two in the morning is worth a great deal.', cite: 'from a caller in Flatbush' },
];
