import type { Moment } from "../moment";
import { when, type PromiseKept } from "./promise";

const FOR_GOOD = 2n ** 40n - 1n;

/** What of the lens's findings must not hold just now; everything else must. */
const EXPECTED: Record<string, (moment: Moment) => boolean> = {
  "A9-deposits": ({ after }) => after.time < after.depositsClosedUntil,
  "A9-fills": ({ after }) => after.time < after.fillsClosedUntil,
  AGE: ({ after }) => after.time > after.reportOldAfter,
  A7: ({ after }) => after.fillsClosedUntil === FOR_GOOD,
};

/** What may not hold until the next report: something outside moved after the last one. */
const UNTIL_REPORTED = ["BOOK", "A4-issuer", "A4-strategy"];

function wrong(moment: Moment): string[] {
  return moment.after.health.flatMap(({ id, subject, holds, line }) => {
    if (!holds && !moment.after.fresh && UNTIL_REPORTED.includes(id)) return [];
    const closed = id in EXPECTED && EXPECTED[id](moment);
    return when(holds === closed, `${id} of ${subject} ${holds ? "holds" : "does not hold"}: ${line}`);
  });
}

/** What anyone can see of the promises in one call. */
export const health: PromiseKept[] = [
  {
    id: "LENS",
    sentence: "Every promise that a chain can evaluate holds in the lens; a door is closed there when it is closed.",
    check: (moment) => [...when(moment.after.health.length === 0, "the lens found nothing"), ...wrong(moment)],
  },
];
