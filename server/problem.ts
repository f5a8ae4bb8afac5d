/** What kind of foreseen failure this is; http/ maps each to one status. */
export type ProblemCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'not_allowed'
  | 'too_slow'
  | 'too_large'
  | 'too_many'
  | 'unsupported'
  | 'unavailable';

/** A foreseen failure, told to a person: the message says what, where and how to mend it. */
export class Problem extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.code = code;
  }
}
