import { CLASSES } from "../bench/breakdown";

/** What the classes of a breakdown are called in a table. */
export const HEADINGS: Record<(typeof CLASSES)[number], string> = {
  base: "base, call data",
  newSlots: "new slots",
  changedSlots: "changed slots",
  events: "events",
  others: "others' contracts",
  refunds: "refunds",
  coldSlots: "cold slots",
  coldAccounts: "cold accounts",
  calls: "calls",
  warmSlots: "warm slots",
  keccak: "hashing",
  precompiles: "precompiles",
  rest: "rest",
};

export const whole = (gas: number): string => Math.round(gas).toLocaleString("en-US");
