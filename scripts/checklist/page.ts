import { ether } from "../story/units";
import type { Facts } from "./facts";

const BPS = 10_000n;
const DAY = 86_400n;

const percent = (part: bigint, whole: bigint): string => {
  const bps = whole === 0n ? 0n : (part * BPS + whole / 2n) / whole;
  return `${bps / 100n}.${String(bps % 100n).padStart(2, "0")} %`;
};
const cap = (bps: bigint): string => percent(bps, BPS);
const days = (seconds: bigint): string => `${seconds / DAY} d ${(seconds % DAY) / 3_600n} h`;
const date = (time: bigint): string => new Date(Number(time) * 1_000).toISOString().slice(0, 16).replace("T", " ");
const signed = (wad: bigint): string => `${wad < 0n ? "−" : "+"}${percent(wad < 0n ? -wad : wad, 10n ** 18n)}`;

function section(question: string, lines: string[]): string[] {
  return ["", question, ...(lines.length === 0 ? ["  nothing"] : lines.map((line) => `  ${line}`))];
}

function restaked({ assets, netAssetValue, slashable }: Facts): string[] {
  return [
    `net asset value ${ether(netAssetValue)} ETH, of which the engine could reach ${ether(slashable)}`,
    ...assets.map(
      ({ name, kind, idle, restaked: inEngine, unbonding, rateWad }) =>
        `${name} (${kind}): idle ${ether(idle)}, restaked ${ether(inEngine)}, on its way back ${ether(unbonding)}, worth ${ether(rateWad, 6)} each`,
    ),
  ];
}

function slashers({ sets, slashable }: Facts): string[] {
  return sets.flatMap((s) => [
    `${s.name} (${s.stage}): ${ether(s.atRisk)} ETH, ${percent(s.atRisk, slashable)} of stake; later ${ether(s.later)}; cap ${cap(s.capBps)}, its AVS ${cap(s.avsCapBps)}`,
    `  decided by ${s.decides} (${s.judge})${s.window === 0n ? "" : `, announced for up to ${days(s.window)}`}`,
    `  slasher ${s.slasher}, ${s.isVerified ? "verified" : "not verified"}; group ${s.group}; has cost ${ether(s.cost)} ETH`,
  ]);
}

function coming({ proposals, pending, scheduled }: Facts): string[] {
  return [
    ...proposals.map(
      ({ name, capBps, admissibleFrom }) => `${name}: proposed, cap ${cap(capBps)}, from ${date(admissibleFrom)}`,
    ),
    ...pending.map(
      ({ operator, set, asset, diffWad, effectBlock }) =>
        `operator ${operator}, ${asset}: ${signed(diffWad)} to ${set} from block ${effectBlock}`,
    ),
    ...scheduled.map(({ call, readyAt }) => `decided: ${call}, from ${date(readyAt)}`),
  ];
}

function leaving(facts: Facts): string[] {
  const { assets, exitTime, issuerTime, loosening, openFrom, paidBy, instant } = facts;
  return [
    `in kind within ${days(exitTime)} of the end of the day, in ETH usually ${days(issuerTime)} later`,
    `who asks now is paid in kind by ${date(paidBy)}`,
    `pay-outs ${openFrom === 0n ? "were never closed" : `are open from ${date(openFrom)}`}`,
    ...assets.map(({ name, waiting, openDays }) => {
      const since = openDays.length === 0 ? "" : ` by requests since ${date(openDays[0] * DAY).slice(0, 10)}`;
      return `${name}: ${ether(waiting)} waited for${since}`;
    }),
    `at once: ${ether(instant.sharesLeft)} shares now, ${cap(instant.bucketBps)} of the supply a day, from a buffer of ${ether(instant.level)} of ${ether(instant.target)} ETH`,
    `whatever raises risk waits ${days(loosening)}`,
  ];
}

/** The answers to a careful buyer's questions, for people. */
export function page(facts: Facts): string {
  const { netAssetValue, worstCase, rateWad, worstRateWad, operators, upgraded, slashable, holders } = facts;
  return [
    "Trellis: what a careful buyer asks",
    ...section("What is there, and what is restaked?", restaked(facts)),
    ...section("Which AVSs can slash, how much, and who decides?", slashers(facts)),
    ...section("What is about to change?", coming(facts)),
    ...section("What if every AVS takes all it can?", [
      `${ether(worstCase)} ETH, ${percent(worstCase, netAssetValue)} of net asset value`,
      `the rate would be ${ether(worstRateWad, 6)} instead of ${ether(rateWad, 6)}`,
    ]),
    ...section(
      "Who runs the nodes?",
      operators.map(
        ({ id, company, entity, weight, stake, atRisk, state }) =>
          `operator ${id}, ${company}, entity ${entity}: ${state}, weight ${weight}, ${ether(stake)} ETH with it, ${percent(atRisk, slashable)} of stake at risk`,
      ),
    ),
    ...section("How does one leave, and who is before me?", leaving(facts)),
    ...section(
      "Who may decide, and how long does it wait?",
      holders.map(
        ({ role, account, delay }) => `${role}: ${account}, ${delay === 0n ? "at once" : `after ${days(delay)}`}`,
      ),
    ),
    ...section(
      "When was the code last changed, and to what?",
      upgraded.map(({ name, implementation, block, at }) =>
        at === undefined ? `${name}: unknown` : `${name}: ${date(at)} (block ${block}) to ${implementation}`,
      ),
    ),
    "",
  ].join("\n");
}
