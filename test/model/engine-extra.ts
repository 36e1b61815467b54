/** What the invariants need beside the observation. */
import { AbiCoder, keccak256 } from "ethers";
import type { Places } from "./engine-chain";
import type { Extra } from "./engine-invariants";
import type { Looker } from "./engine-look";
import { ACCOUNTS, OPERATORS, SETS, STRATEGIES, type Observation } from "./engine-types";

const WITHDRAWAL = "tuple(address,address,address,uint256,uint32,address[],uint256[])";
const MANAGERS = ["strategyManager", "delegationManager", "allocationManager", "permissionController"];

type Call = { to: string; fragment: string; args: unknown[] };

/** @param before Block of the step before. */
export async function readExtra(looker: Looker, places: Places, before: bigint, seen: Observation): Promise<Extra> {
  const { address, strategy, token } = places;
  const { delegationManager: dm, allocationManager: am, permissionController: pc, avs } = address;
  const all = Object.values(strategy);
  const calls: Call[] = [];
  const take: ((answers: unknown[][]) => void)[] = [];
  const extra: Extra = {
    roots: {},
    history: {},
    admins: {},
    recipients: [],
    expectedRecipients: SETS.map(({ recipient }) => address[recipient]),
    held: 0n,
    missing: 0n,
    members: OPERATORS.map(() => []),
  };
  const ask = (to: string, fragment: string, args: unknown[], use: (answer: unknown[]) => void): void => {
    const at = calls.push({ to, fragment, args }) - 1;
    take.push((answers) => use(answers[at]));
  };

  for (const name of ACCOUNTS) {
    const who = address[name];
    ask(pc, "getAdmins", [who], ([admins]) => (extra.admins[name] = admins as string[]));
    ask(dm, "getQueuedWithdrawalRoots", [who], ([roots]) => {
      const expected = seen.accounts[name].queued.map((entry) => {
        const strategies = entry.strategies.map((s) => strategy[s]);
        const operator = entry.operator === "" ? "0x".padEnd(42, "0") : address[entry.operator];
        const fields = [who, operator, who, entry.nonce, entry.startBlock, strategies, entry.scaled];
        return keccak256(AbiCoder.defaultAbiCoder().encode([WITHDRAWAL], [fields]));
      });
      const list = roots as string[];
      extra.roots[name] = list.map((root, i) => ({ root, pending: true, expected: expected[i] }));
    });
  }
  for (const [i, name] of OPERATORS.entries()) {
    extra.history[name] = { before: [], after: [] };
    const at = "getMaxMagnitudesAtBlock";
    ask(am, at, [address[name], all, before], ([max]) => (extra.history[name].before = max as bigint[]));
    ask(am, at, [address[name], all, seen.block], ([max]) => (extra.history[name].after = max as bigint[]));
    SETS.forEach((_, id) =>
      ask(am, "isMemberOfOperatorSet", [address[name], { avs, id }], ([is]) => (extra.members[i][id] = is as boolean)),
    );
  }
  SETS.forEach((_, id) =>
    ask(am, "getRedistributionRecipient", [{ avs, id }], ([to]) => (extra.recipients[id] = to as string)),
  );
  for (const name of STRATEGIES) {
    for (const manager of MANAGERS) {
      ask(token[name], "balanceOf", [address[manager]], ([amount]) => (extra.held += amount as bigint));
    }
    ask(token[name], "totalSupply", [], ([supply]) => {
      const owned = Object.values(seen.accounts).reduce((sum, { tokens }) => sum + tokens[name], 0n);
      const { burn, recipient } = seen.received;
      extra.missing += (supply as bigint) - owned - burn[name] - recipient[name] - seen.strategies[name].balance;
    });
  }
  const answers = await looker.answers(calls);
  for (const use of take) use(answers);

  const roots = Object.values(extra.roots).flat();
  const pending = await looker.answers(
    roots.map(({ root }) => ({ to: dm, fragment: "pendingWithdrawals", args: [root] })),
  );
  roots.forEach((entry, i) => (entry.pending = pending[i][0] as boolean));
  return extra;
}
