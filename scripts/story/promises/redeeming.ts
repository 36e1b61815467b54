import { BPS, partUp, sum, valueDown } from "../units";
import { DUST, when, type PromiseKept } from "./promise";

/** Promises about the way out at once. */
export const redeeming: PromiseKept[] = [
  {
    id: "IR-1",
    sentence: "An instant redemption leaves the watermark idle, beside all that the line for ETH waits for.",
    applies: ({ journal }) => journal.instants.length > 0,
    check: ({ journal, rules }) =>
      journal.instants.flatMap(({ who, idle, waiting, rate, nav }) => {
        const level = idle - partUp(waiting, rate, 10n ** 18n);
        const watermark = partUp(nav, rules.instant.watermarkBps, BPS);
        return when(level < watermark, `${who} left ${level} beside the line; ${watermark} must stay`);
      }),
  },
  {
    id: "IR-2",
    sentence: "The fee of an instant redemption is at least the lowest and at most the highest of the curve.",
    applies: ({ journal }) => journal.instants.length > 0,
    check: ({ journal, rules: { instant } }) =>
      journal.instants.flatMap(({ who, paid, fee }) =>
        when(
          fee < partUp(paid, instant.minFeeBps, BPS) || fee > partUp(paid + 1n, instant.maxFeeBps, BPS) + 1n,
          `${who} paid ${fee} for ${paid}`,
        ),
      ),
  },
  {
    id: "IR-3",
    sentence: "In a day no more of the supply is redeemed at once than a full bucket and what refills it.",
    applies: ({ journal }) => journal.instants.length > 0,
    check: ({ before, after, journal, rules }) => {
      const redeemed = sum(journal.instants.map(({ shares }) => shares));
      const supply = before.supply > after.supply ? before.supply : after.supply;
      const limit = 2n * partUp(supply + redeemed, rules.instant.bucketBps, BPS);
      return when(redeemed > limit, `${redeemed} shares were redeemed; at most ${limit} may be`);
    },
  },
  {
    id: "IR-4",
    sentence: "Nothing is redeemed at once while payments are closed.",
    applies: ({ journal }) => journal.instants.length > 0,
    check: ({ before, journal }) =>
      journal.instants.flatMap(({ who, time }) =>
        when(time < before.fillsClosedUntil, `${who} redeemed at ${time}, closed until ${before.fillsClosedUntil}`),
      ),
  },
  {
    id: "IR-5",
    sentence: "An instant redemption costs its shares in full, and leaves every share at least the rate and the fee.",
    applies: ({ journal }) => journal.instants.length > 0,
    check: ({ journal }) =>
      journal.instants.flatMap(({ who, shares, paid, fee, rate, nav, supply, price }) => [
        ...when(
          paid + fee !== valueDown(shares, rate),
          `${who} got ${paid} less ${fee} for ${shares} shares at ${rate}`,
        ),
        ...when(valueDown(supply, price) + DUST < nav, `after ${who} a newcomer pays ${price} for a part of ${nav}`),
        ...when(valueDown(supply, rate) > nav + DUST, `${who} was paid at ${rate}, above what is left`),
      ]),
  },
];
