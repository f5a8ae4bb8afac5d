/** The words of one language that the rule for the quote of the day knows; `*` stands for any ending. */
export interface WordList {
  praise: readonly string[];
  /** Complaint, doubt and denial: a text that holds one is not taken. */
  complaint: readonly string[];
  /** What this wall promises: calls answered, emails replied to. */
  about: readonly string[];
}

/** English, German, French, Spanish. Few words, and plain ones: a list that tries to be clever is wrong in secret. */
export const wordLists: readonly WordList[] = [
  {
    praise: words(`
      thank*, kind, kindly, lovely, loved, great, grateful, excellent, brilliant, wonderful, amazing,
      helpful, friendly, patient with, impressed, made my day, five stars, best`),
    complaint: words(`
      not, no, never, nobody, but, although, however, until, unless, without, wait*, hold, wrong, bad,
      worst, worse, awful, terrible, rude, slow, late, cancel*, complain*, useless, broken, fail*,
      sorry, refund, joke, yeah right, nothing, finally, at last, yet, isn't, wasn't, don't, didn't, doesn't, can't, couldn't, won't,
      wouldn't, aren't, weren't, haven't, hasn't, hadn't, cannot`),
    about: words(`
      answer*, picked up, phone, call, called, ring, rang, email*, repl*, wrote back, hour, minutes,
      person, human`),
  },
  {
    praise: words(`
      dank*, freundlich*, toll*, super, wunderbar*, großartig*, hilfsbereit*, nett*, begeistert,
      lieb*, herzlich*`),
    complaint: words(`
      nicht, kein*, nie, niemand, aber, obwohl, leider, wart*, warteschleife, falsch*, schlecht*,
      schlimm*, unfreundlich*, langsam*, unverschämt*, ohne, endlich, nichts`),
    about: words(`
      anruf*, angerufen, telefon*, rangegangen, abgehoben, antwort*, mail*, rückruf*, zurückgerufen,
      stunde, minuten, mensch`),
  },
  {
    praise: words(`
      merci, gentil*, aimable*, super, excellent*, formidable*, génial*, bravo, adorable*, ravi*`),
    complaint: words(`
      pas, jamais, personne ne, mais, aucun*, attend*, attente, mauvais*, nul*, lent*,
      malheureusement, sans, dommage, désagréable*, enfin, rien`),
    about: words(`
      appel*, téléphone, décroch*, répon*, mail*, e-mail*, rappel*, heure, minutes, humain*`),
  },
  {
    praise: words(`
      gracias, amable*, genial*, excelente*, encanta*, maravillos*, simpátic*, mejor, atent*`),
    complaint: words(`
      no, nunca, nadie, pero, aunque, ningun*, esper*, mal, mala, malo, peor, lent*, sin, lamentable*, nada,
      por fin`),
    about: words(`
      llam*, teléfono, contest*, respon*, correo*, hora, minutos, persona`),
  },
];

function words(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}
