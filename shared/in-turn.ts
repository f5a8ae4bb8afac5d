/**
 * Has the commands of people who act at the same time done one after the other, so that each sees what the one before it
 * did: a limit that is looked at first holds, and nothing is marked twice.
 */
export function createInTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = before.then(work, work);
    before = mine;
    return mine;
  };
}
