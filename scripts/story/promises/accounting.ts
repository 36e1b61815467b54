import { BPS, distance, sum, valueDown, WAD } from "../units";
import { ASSETS, type Moment } from "../moment";
import { DUST, when, type PromiseKept } from "./promise";

const DAY = 86_400n;

const places = ({ after }: Moment): bigint => sum(Object.values(after.places) as bigint[]);

/** Promises about the rate, net asset value and the fee. */
export const accounting: PromiseKept[] = [
  {
    id: "A2",
    sentence: "The rate moves only with a report or its loss half.",
    check: ({ before, after, journal }) =>
      when(after.rate !== before.rate && journal.termsChanged === 0, `the rate moved without a report`),
  },
  {
    id: "A3-places",
    sentence: "Net asset value is the sum of all places, recomputed from the engine and the issuer.",
    applies: ({ after }) => after.fresh,
    check: (m) =>
      when(distance(places(m), m.after.nav) > DUST, `the places add up to ${places(m)}, the books say ${m.after.nav}`),
  },
  {
    id: "A3-backed",
    sentence: "The pool holds at least what it counts.",
    check: ({ after: { held, idle } }) =>
      ASSETS.flatMap((a) => when(held[a] < idle[a], `counts ${idle[a]} units of ${a}, holds ${held[a]}`)),
  },
  {
    id: "A3-donation",
    sentence: "A donation to a contract of ours changes nothing.",
    applies: ({ journal }) => journal.donations.some(({ to }) => to !== "strategy"),
    check: ({ journal }) =>
      journal.donations
        .filter(({ to }) => to !== "strategy")
        .flatMap((d) => when(d.navBefore !== d.navAfter, `a donation to the ${d.to} moved net asset value`)),
  },
  {
    id: "A4-rate",
    sentence: "After a report the rate is never above net asset value per share.",
    check: (m) => [
      ...m.journal.reports.flatMap(({ nav, supply, feeShares, rate }) =>
        when(
          rate * (supply + feeShares) > nav * WAD,
          `rate ${rate} is above ${nav} for ${supply} + ${feeShares} shares`,
        ),
      ),
      ...when(
        m.after.fresh && valueDown(m.after.supply, m.after.rate) > places(m) + DUST,
        `all shares at the rate are more than the places have`,
      ),
    ],
  },
  {
    id: "A4-growth",
    sentence: "The rate grows at most along the cap, whose allowance never accrues for more than a day.",
    applies: ({ journal }) => journal.reports.length > 0,
    check: ({ journal, rules }) =>
      journal.reports.flatMap(({ from, rate, time, lastReport }) => {
        const elapsed = time - lastReport < DAY ? time - lastReport : DAY;
        const limit = from + (from * rules.growthCapBpsPerDay * elapsed) / (BPS * DAY);
        return when(rate > limit, `a report moved the rate from ${from} to ${rate}; ${limit} was allowed`);
      }),
  },
  {
    id: "A4-entry",
    sentence: "Nobody enters below the rate plus the waiting gain.",
    applies: ({ journal }) => journal.deposits.length > 0,
    check: ({ journal }) =>
      journal.deposits.flatMap(({ receiver, shares, price, value }) =>
        when(valueDown(shares, price) > value, `${receiver} got ${shares} shares at ${price} for ${value}`),
      ),
  },
  {
    id: "A8-cap",
    sentence: "The fee of a day is at most its cap.",
    applies: ({ journal }) => journal.reports.length > 0,
    check: ({ journal: { reports }, rules }) =>
      [...new Set(reports.map(({ time }) => time / DAY))].flatMap((day) => {
        const ofDay = reports.filter(({ time }) => time / DAY === day);
        const supply = ofDay.reduce((most, r) => (r.supply > most ? r.supply : most), 0n);
        const minted = sum(ofDay.map(({ feeShares }) => feeShares));
        return when(minted * BPS > supply * rules.feeCapBpsPerDay, `${minted} fee shares for a supply of ${supply}`);
      }),
  },
  {
    id: "A8-mark",
    sentence: "A fee is taken only on growth above the high-water mark.",
    applies: ({ journal }) => journal.reports.length > 0,
    check: ({ before, journal }) =>
      journal.reports.flatMap(({ rate, feeShares }) =>
        when(feeShares > 0n && rate < before.highWaterMark, `a fee at ${rate}, below the mark ${before.highWaterMark}`),
      ),
  },
  {
    id: "A9",
    sentence: "An alarm closes doors for its bounded time only, and nothing is filled meanwhile.",
    check: ({ before, journal, rules }) => [
      ...journal.alarms.flatMap(({ closedUntil, time }) =>
        when(closedUntil > time + rules.closingTime, `closed until ${closedUntil}, rung at ${time}`),
      ),
      ...journal.fills.flatMap(({ time }) =>
        when(time < before.fillsClosedUntil, `filled at ${time}, closed until ${before.fillsClosedUntil}`),
      ),
    ],
  },
  {
    id: "ACC-ledger",
    sentence: "Every loss is in the ledger, to the wei.",
    check: ({ before, after, journal }) => {
      const listed = sum(journal.losses.map(({ value }) => value));
      return when(after.totalLoss - before.totalLoss !== listed, `the ledger grew by other than the ${listed} listed`);
    },
  },
  {
    id: "ACC-gross",
    sentence: "Net asset value covers every share at the rate.",
    applies: ({ after }) => after.fresh,
    check: ({ after: { nav, supply, rate } }) =>
      when(valueDown(supply, rate) > nav + DUST, `${supply} shares at ${rate} are more than ${nav}`),
  },
];
