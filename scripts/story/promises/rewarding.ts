import { valueDown, WAD } from "../units";
import { DUST, when, type PromiseKept } from "./promise";

/** Promises about what AVSs pay. */
export const rewarding: PromiseKept[] = [
  {
    id: "RW-1",
    sentence: "A reward token is never sold below its floor, whatever bidders did before.",
    applies: ({ journal }) => journal.sales.length > 0,
    check: ({ journal }) =>
      journal.sales.flatMap(({ token, units, value, floor }) =>
        when(value * WAD < units * floor, `${units} of ${token} brought ${value}; the floor is ${floor}`),
      ),
  },
  {
    id: "RW-2",
    sentence: "What a bid brings is worth the price of the moment, by the rules of a deposit.",
    applies: ({ journal }) => journal.sales.length > 0,
    check: ({ journal }) =>
      journal.sales.flatMap(({ token, units, value, start, floor, startedAt, endsAt, time }) => {
        const price = start - ((start - floor) * (time - startedAt)) / (endsAt - startedAt);
        return when(value * WAD < units * price, `${units} of ${token} brought ${value} at ${price}`);
      }),
  },
  {
    id: "RW-3",
    sentence: "What AVSs paid raises the rate along the growth cap only, and a newcomer buys nothing of it.",
    applies: ({ journal }) => journal.sales.length + journal.deliveries.length > 0,
    check: ({ journal }) =>
      [...journal.sales, ...journal.deliveries].flatMap(({ token, rateBefore, rate, price, supply, nav }) => [
        ...when(rate > rateBefore, `${token} moved the rate from ${rateBefore} to ${rate} at once`),
        ...when(
          valueDown(supply, price) + DUST < nav,
          `after ${token} came a newcomer pays ${price} for a part of ${nav}`,
        ),
      ]),
  },
  {
    id: "RW-6",
    sentence: "What our stakers earn is claimed to the router alone, by anyone.",
    applies: ({ journal }) => journal.rewardClaims.some(({ isOurs }) => isOurs),
    check: ({ journal, rules }) =>
      journal.rewardClaims
        .filter(({ isOurs }) => isOurs)
        .flatMap(({ earner, recipient }) =>
          when(recipient !== rules.router, `${recipient} got what the staker of ${earner} earned`),
        ),
  },
  {
    id: "RW-7",
    sentence: "All that a root says was earned is exactly what was funded for its days; nobody's earnings ever fall.",
    applies: ({ journal }) => journal.roots.length > 0,
    check: ({ journal }) =>
      journal.roots.flatMap(({ root, funded }) => {
        const told = journal.told.find((t) => t.root === root);
        if (told === undefined) return [`nobody told what root ${root} says`];
        if (!told.isTrue) return []; // RW-9 is about such a root
        const tokens = [...new Set([...Object.keys(funded), ...Object.keys(told.earned)])];
        return [
          ...tokens.flatMap((token) => {
            const [earned, given] = [told.earned[token] ?? 0n, funded[token] ?? 0n];
            return when(earned !== given, `${earned} of ${token} were earned, ${given} given`);
          }),
          ...when(told.fallen > 0, `${told.fallen} sums are less than before`),
        ];
      }),
  },
  {
    id: "RW-8",
    sentence: "Claims never exceed what was funded: the engine holds all that was given and not claimed, to the unit.",
    applies: ({ journal }) => journal.pots.length > 0,
    check: ({ journal }) =>
      journal.pots.flatMap(({ token, funded, claimed, held }) =>
        when(held !== funded - claimed, `${held} of ${token} are held; ${funded} were given, ${claimed} claimed`),
      ),
  },
  {
    id: "RW-9",
    sentence: "A root that is disabled in its delay pays nobody.",
    applies: ({ journal }) => journal.disabledRoots > 0,
    check: ({ journal }) =>
      journal.rewardClaims
        .filter(({ isDisabled }) => isDisabled)
        .flatMap(({ earner, amount, token }) => when(true, `${earner} got ${amount} ${token} by a disabled root`)),
  },
];
