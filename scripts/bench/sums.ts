/** What is measured of each function. */
import type { Breakdown } from "./breakdown";

/** Ours / EigenLayer's, at most. Above it: docs/engine-gas.md. */
export const BUDGET = 0.75;

/** Over all calls of one function. */
export interface Sum {
  calls: number;
  ours: number;
  theirs: number;
}
export type Sums = Record<string, Sum>;
/** Over all calls of each function that was traced. */
export type Breakdowns = Record<string, Breakdown>;

export const ratio = ({ ours, theirs }: Sum): number => ours / theirs;
