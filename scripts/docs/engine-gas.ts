import { CLASSES, fixedGas, readGas, type Breakdown } from "../bench/breakdown";
import { BUDGET, ratio, type Breakdowns, type Sum, type Sums } from "../bench/sums";
import type { Tree } from "../check/tree";
import { HEADINGS, whole } from "./classes";
import { table } from "./table";

const SUMS = "test/snapshots/gas/engine.json";
const BREAKDOWNS = "test/snapshots/gas/engine-breakdown.json";

/** Why a function is above the budget: written by hand, for exactly those that are. */
export const REASONS: Record<string, string> = {
  ...Object.fromEntries(
    ["allocationManager", "delegationManager", "rewardsCoordinator", "strategy", "strategyManager"].map((contract) => [
      `${contract}.unpause`,
      "The original's slot is cleared, which refunds 4,800 and makes `pause` 17,100 dearer; ours never is. Without that refund the fixed part and the registry's answer are above the budget.",
    ]),
  ),
  "allocationManager.updateAVSMetadataURI":
    "The flag that the AVS exists is a new slot in nearly every call; PermissionController's answer is two cold accesses.",
  "rewardsCoordinator.createAVSRewardsSubmission":
    "The hash is a new slot, as is the count of an AVS's first submission. The submission is encoded once, for its hash and its event.",
  "rewardsCoordinator.createOperatorDirectedAVSRewardsSubmission":
    "Two strategies and several operators: much to check, encode and emit, and every strategy is asked for at the StrategyManager.",
  "rewardsCoordinator.createOperatorDirectedOperatorSetRewardsSubmission":
    "The same, and three neighbours are asked. The rest is data to check and encode.",
  "rewardsCoordinator.createRewardsForAllEarners":
    "A new slot for the hash; right and nonce share one. Switches and the whitelist are read cold.",
  "rewardsCoordinator.createRewardsForAllSubmission":
    "A new slot for the hash; right and nonce share one. Switches and the whitelist are read cold.",
  "rewardsCoordinator.createTotalStakeRewardsSubmission":
    "Three neighbours are asked: may the caller, does the set exist, is the strategy whitelisted.",
  "rewardsCoordinator.disableRoot":
    "Switches, updater and times are three slots. The switches lie with the owner and the delay, for the sake of setting a split. Beside the updater they would need the delay there as well, and put its setter above the budget.",
  "rewardsCoordinator.processClaim":
    "Most is what was claimed, a new slot for each token, and the transfers of the tokens.",
  "rewardsCoordinator.processClaims":
    "Most is what was claimed, a new slot for each token, and the transfers of the tokens.",
  "rewardsCoordinator.setClaimerFor": "An earner's account is a new slot for most.",
  "rewardsCoordinator.setDefaultOperatorSplit":
    "One slot, in which the owner is as well. What is left is the dispatch among sixty functions.",
  "rewardsCoordinator.setFeeRecipient": "Two addresses, the owner and the recipient, do not fit in one slot.",
  "rewardsCoordinator.setOptInForProtocolFee":
    "The account is a new slot for most; PermissionController's answer is two cold accesses and a call.",
  "rewardsCoordinator.setRewardsUpdater":
    "Two addresses, the owner and the updater, do not fit in one slot. The recorded calls write what was there.",
  "strategyManager.addStrategiesToDepositWhitelist":
    "A flag per strategy is a new slot; `removeStrategies…`, which clears it, is within the budget.",
  "strategyManager.setStrategyWhitelister": "Two addresses, the owner and the whitelister, do not fit in one slot.",
};

const share = (part: number): string => part.toFixed(3);

function total(sums: Sums): Sum {
  return Object.values(sums).reduce((a, b) => ({
    calls: a.calls + b.calls,
    ours: a.ours + b.ours,
    theirs: a.theirs + b.theirs,
  }));
}

/** The functions above the budget, the worst first; throws when a snapshot or a reason is of another time. */
function above(sums: Sums, breakdowns: Breakdowns): [string, Sum, Breakdown][] {
  const over = Object.entries(sums)
    .filter(([, sum]) => ratio(sum) > BUDGET)
    .sort(([, a], [, b]) => ratio(b) - ratio(a));
  const names = over.map(([call]) => call).sort();
  for (const [what, keys] of Object.entries({ [BREAKDOWNS]: Object.keys(breakdowns), reasons: Object.keys(REASONS) })) {
    if (names.join() !== [...keys].sort().join()) throw new Error(`${what} are not of the functions above the budget`);
  }
  return over.map(([call, sum]) => {
    const spent = CLASSES.reduce((gas, name) => gas + breakdowns[call][name], 0);
    if (spent !== sum.ours) throw new Error(`${call} used ${sum.ours}, its breakdown ${spent}: trace again`);
    return [call, sum, breakdowns[call]];
  });
}

export function engineGas(tree: Tree): string {
  const sums = JSON.parse(tree.read(SUMS)) as Sums;
  const over = above(sums, JSON.parse(tree.read(BREAKDOWNS)) as Breakdowns);
  const all = total(sums);
  const verdicts = over.map(([call, sum, gas]) => [
    `\`${call}\``,
    share(ratio(sum)),
    whole(sum.ours / sum.calls),
    share(fixedGas(gas) / sum.theirs),
    share((fixedGas(gas) + readGas(gas)) / sum.theirs),
    REASONS[call],
  ]);
  const used = CLASSES.filter((name) => over.some(([, , gas]) => gas[name] !== 0));
  const classes = over.map(([call, sum, gas]) => [`\`${call}\``, ...used.map((name) => whole(gas[name] / sum.calls))]);
  return [
    "# Gas of the engine beside EigenLayer's",
    `Generated by \`npm run docs\` from \`${SUMS}\` and \`${BREAKDOWNS}\`: do not edit. The reasons are in \`scripts/docs/engine-gas.ts\`.`,
    `\`npm run bench\` replays the public recordings without native ETH and adds up, per function, the gas of every call that succeeded: ours, and that of the real contracts behind their proxies (\`test/conformance/eigenlayer-gas.json\`). \`npm run bench -- --check\` fails when the snapshot moved; \`npm run bench -- --trace\` also writes where the gas goes, opcode by opcode.`,
    `All ${whole(all.calls)} calls together are at ${share(ratio(all))}. The budget is ${BUDGET} per function; ${Object.keys(sums).length - over.length} of ${Object.keys(sums).length} functions are within it.`,
    "## Above the budget",
    "*Fixed* is what any implementation with the same answers pays that keeps its state in the same slots: base, call data, slots written, events, refunds, and whatever happens inside contracts that are not the engine's, such as tokens. *With reads* adds the first access to every slot and account that is only read: rights, switches and neighbours. Both are parts of EigenLayer's gas, so a row whose *with reads* is near or above the budget has nothing left to save but the code itself.",
    table(["function", "ratio", "mean gas", "fixed", "with reads", "why"], verdicts),
    "## Where it goes",
    "Mean gas of a call. A new slot is one that was zero, 22,100 with its first access; a changed one was not, 5,000. *Rest* is dispatch, decoding, memory and arithmetic.",
    table(["function", ...used.map((name) => HEADINGS[name])], classes),
  ].join("\n\n");
}
