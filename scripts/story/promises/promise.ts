import type { Moment } from "../moment";

/** A promise of the protocol, and how it is seen to be broken. Ids are those of docs/spec/invariants.md. */
export interface PromiseKept {
  id: string;
  sentence: string;
  /** Whether there is something to check; always when left out. */
  applies?: (moment: Moment) => boolean;
  /** Pure: a line for each way in which the promise is broken. */
  check: (moment: Moment) => string[];
}

/** A line if something is wrong. */
export const when = (wrong: boolean, line: string): string[] => (wrong ? [line] : []);

/** Rounding of conversions at 18 digits; also the accountant's own limit for what is no loss [wei]. */
export const DUST = 10n ** 9n;
