import Table from "cli-table3";
import { percent } from "../../rewards/yields";
import { ASSETS } from "../moment";
import { promises } from "../promises";
import type { Outcome } from "../run";
import { ether, sum } from "../units";

/** Less is rounding [wei]. */
const NOTABLE = 10n ** 14n;

/** A table as text: a head and rows, the first column to the left. */
export interface Sheet {
  title: string;
  head: string[];
  rows: string[][];
}

/** Who put in what and has what. */
export function accountsSheet({ closing }: Outcome): Sheet {
  const cells = (c: { putIn: bigint; received: bigint; gotOut: bigint; given: bigint; stillHas: bigint; lossBorne: bigint; gain: bigint }) =>
    [c.putIn, c.received, c.gotOut, c.given, c.stillHas, c.lossBorne, c.gain].map((wei) => ether(wei));
  const total = (key: "putIn" | "received" | "gotOut" | "given" | "stillHas" | "lossBorne" | "gain"): bigint =>
    sum(closing.map((account) => account[key]));
  return {
    title: "Accounts (ETH, at the value of the moment)",
    head: ["", "put in", "was given", "got out", "gave away", "still has", "loss borne", "gain"],
    rows: [
      ...closing.map((account) => [account.name, ...cells(account)]),
      [
        "all",
        ...cells({
          putIn: total("putIn"),
          received: total("received"),
          gotOut: total("gotOut"),
          given: total("given"),
          stillHas: total("stillHas"),
          lossBorne: total("lossBorne"),
          gain: total("gain"),
        }),
      ],
    ],
  };
}

/** Losses worth a line of their own; smaller ones are rounding, and in the totals only. */
export function notable({ losses }: Pick<Outcome, "losses">): Outcome["losses"] {
  return losses.filter(({ value }) => value >= NOTABLE);
}

/** Where losses came from. */
export function lossesSheet(outcome: Outcome): Sheet {
  const { losses } = outcome;
  return {
    title: "Losses (ETH)",
    head: ["day", "cause", "AVS", "set", "operator", "loss"],
    rows: [
      ...notable(outcome).map(({ day, cause, subject, set, value }) => {
        const [avs = "–", id = "–"] = set?.split("/") ?? [];
        const operator = cause === "slash" ? subject : "–";
        return [String(day), cause === "issuer" ? subject : cause, avs, id, operator, ether(value)];
      }),
      ["all", "", "", "", "", ether(sum(losses.map(({ value }) => value)))],
    ],
  };
}

/** Who bore each loss. */
export function bearersSheet({ losses: all, closing }: Outcome): Sheet {
  const losses = notable({ losses: all });
  return {
    title: "Who bore which loss (ETH)",
    head: ["", ...losses.map(({ day, subject }) => `day ${day}: ${subject}`)],
    rows: closing
      .filter(({ lossBorne }) => lossBorne > 0n)
      .map(({ name }) => [
        name,
        ...losses.map(({ bearers }) => ether(bearers.find((bearer) => bearer.name === name)?.value ?? 0n)),
      ]),
  };
}

/** Where the yield came from, as if every year were like these days. */
export function yieldsSheet({ yields }: Outcome): Sheet[] {
  if (yields === undefined) return [];
  const rows: [string, bigint, string][] = [
    ["staking tokens", yields.lst, "growth of their own rates; a fall counts"],
    ["AVS rewards", yields.avs, "paid for work, as it was sold or delivered"],
    ["incentives", yields.incentives, "given to all earners; no work earned them"],
    ["in the rate", yields.realised, "after losses and fees, as far as it is recognised"],
    ["sustainable", yields.sustainable, "of the income: what would come without incentives"],
  ];
  return [
    {
      title: "Where the yield came from (in a year of such days)",
      head: ["source", "of net asset value", "what it is"],
      rows: rows.map(([name, part, what]) => [name, percent(part), what]),
    },
  ];
}

/** What every set could take at the end, under which caps, and what it has taken. */
export function setsSheet({ series, final, losses }: Outcome): Sheet {
  const last = series[series.length - 1];
  const hundredths = (part: bigint): string => ether(part * 10n ** 12n, 2);
  return {
    title: "Operator sets at the end (% of the value of all stake)",
    head: ["AVS", "set", "stands", "exposure", "cap", "has cost (ETH)"],
    rows: final.sets.map(({ set, isAdmitted, isDropped, isSound }) => {
      const [avs, id] = set.split("/");
      const stands = isAdmitted ? (isSound ? "admitted" : "changed") : isDropped ? "dropped" : "gone";
      const cost = sum(losses.filter((l) => l.set === set).map(({ value }) => value));
      const cap = ether(last.caps[set] * 10n ** 16n, 2);
      return [avs, id, stands, hundredths(last.exposure[set]), cap, ether(cost)];
    }),
  };
}

/** Who left by basket, and from where what came: where it was when the basket was struck. */
export function basketsSheet({ baskets, final }: Outcome): Sheet[] {
  if (baskets.length === 0) return [];
  const rows = baskets.flatMap(({ id, owner, day, atStrike }) =>
    ASSETS.flatMap((asset) => {
      const { arrived: idle, restaked, unbonding, redeeming } = atStrike[asset];
      const now = final.baskets.tickets.find((ticket) => ticket.id === id)?.told[asset];
      if (now === undefined || idle + restaked + unbonding + redeeming === 0n) return [];
      const toCome = now.restaked + now.unbonding + now.redeeming;
      const lost = idle + restaked + unbonding + redeeming - now.arrived - toCome;
      const slashed = lost > NOTABLE ? lost : 0n;
      const units = [idle, restaked, unbonding, redeeming, slashed, now.arrived, toCome].map((amount) => ether(amount));
      return [[owner, String(day), asset, ...units]];
    }),
  );
  return [
    {
      title: "Who left by basket (units of each asset, by where they were at the strike)",
      head: ["", "day", "asset", "idle", "staked", "on its way back", "at the issuer", "slashed", "has come", "still to come"],
      rows,
    },
  ];
}

/** Promises, how often each was checked, and whether it held. */
export function promisesSheet({ tally }: Outcome): Sheet {
  return {
    title: "Promises",
    head: ["id", "promise", "checked", "held"],
    rows: promises.map(({ id, sentence }) => [
      id,
      sentence,
      String(tally.checks.get(id) ?? 0),
      tally.broken.some((b) => b.id === id) ? "no" : "yes",
    ]),
  };
}

function draw({ title, head, rows }: Sheet): string {
  const plain = !process.stdout.isTTY || process.env.CI !== undefined;
  const table = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
    style: plain ? { head: [], border: [] } : {},
  });
  table.push(...rows);
  return `\n${title}\n${table.toString()}`;
}

/** The tables at the end of a run. */
export function closingTables(outcome: Outcome): string {
  const sheets = [
    accountsSheet(outcome),
    ...basketsSheet(outcome),
    lossesSheet(outcome),
    setsSheet(outcome),
    ...yieldsSheet(outcome),
  ];
  if (notable(outcome).length > 0) sheets.push(bearersSheet(outcome));
  return sheets.map(draw).join("\n");
}

/** One line, or one for each broken promise. */
export function verdict({ tally, transactions }: Outcome): string {
  const checks = [...tally.checks.values()].reduce((total, count) => total + count, 0);
  if (tally.broken.length === 0) return `${promises.length} promises held in ${checks} checks; ${transactions} transactions`;
  const lines = tally.broken.map(({ id, day, line }) => `  day ${day}  ${id}: ${line}`);
  return [`${tally.broken.length} of ${checks} checks failed:`, ...lines].join("\n");
}
