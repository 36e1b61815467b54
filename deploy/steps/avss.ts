import { parseEther, ZeroAddress, type Contract, type ContractTransactionResponse } from "ethers";
import { BLOCK_SECONDS, type AvsContract } from "../config/avss";
import type { Context } from "../lib/context";
import { step } from "../lib/step";
import { AVS, ENGINE, STRATEGY } from "./names";

const WAD = parseEther("1");
const bpsToWad = (bps: bigint): bigint => (WAD * bps) / 10_000n;

/** The AVSs whose operator sets we allocate to; on a chain of our own, working examples. */
export const avss = step("avs/contracts", {
  needs: ["engine/strategies"],
  differences: (ctx) =>
    ctx.absent(
      Object.fromEntries(
        ctx.config.avss.map(({ name, contract }) => [
          AVS(name),
          contract.kind === "external" ? contract.address : undefined,
        ]),
      ),
    ),
  apply: async (ctx) => {
    const strategies = ctx.config.assets
      .map(({ asset }) => ctx.address(STRATEGY(asset)))
      .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)); // as numbers: capitals in an address are a checksum
    for (const { name, contract, sets } of ctx.config.avss) {
      if (contract.kind === "external") {
        // Nothing of ours calls it: the engine knows its sets.
        await ctx.external(AVS(name), "IAVSRegistrar", contract.address);
        continue;
      }
      const [code, terms] = termsOf(contract);
      const count = setsOf(contract, sets.length);
      await ctx.deploy(AVS(name), code, [
        ctx.address(ENGINE.allocation),
        contract.metadataURI,
        Array.from({ length: count }, () => strategies),
        ...terms,
      ]);
    }
  },
});

/** Lists of strategies that the contract is given: an oracle makes two sets of each that it is to be accurate about. */
function setsOf(contract: AvsContract, sets: number): number {
  if (contract.kind === "bridge") return 1; // of its own operators
  return contract.kind === "oracle" && contract.accuracy !== undefined ? sets / 2 : sets;
}

/** Name of the contract, and what its constructor is told besides engine, description and strategies. */
function termsOf(contract: Exclude<AvsContract, { kind: "external" }>): [code: string, terms: object[]] {
  const { minStake } = contract;
  const secondsPerBlock = BLOCK_SECONDS;
  const slashOf = ({ slashBps, cooldownSeconds }: { slashBps: bigint; cooldownSeconds: bigint }) => ({
    slashWad: bpsToWad(slashBps),
    cooldown: cooldownSeconds,
  });
  const slash = slashOf(contract);
  switch (contract.kind) {
    case "oracle": {
      const { accuracy, roundSeconds: roundLength } = contract;
      const nobodyLooks = { vetoWindow: 0n, executionWindow: 0n, secondsPerBlock, committee: ZeroAddress };
      const accurate =
        accuracy === undefined
          ? { boundBps: 0n, slashWad: 0n, cooldown: 0n, veto: nobodyLooks }
          : {
              boundBps: accuracy.boundBps,
              ...slashOf(accuracy),
              veto: {
                vetoWindow: accuracy.vetoSeconds,
                executionWindow: accuracy.executionSeconds,
                secondsPerBlock,
                committee: accuracy.committee,
              },
            };
      return ["OracleAvs", [{ minStake, roundLength, ...slash }, accurate]];
    }
    case "availability": {
      const { bond, responseSeconds: responseWindow } = contract;
      return ["AvailabilityAvs", [{ minStake, bond, responseWindow, secondsPerBlock, ...slash }]];
    }
    case "bridge": {
      const { sourceChainId, canonical, insurance, canonicalDelaySeconds: canonicalDelay } = contract;
      const terms = { minStake, sourceChainId, canonical, insurance, canonicalDelay, secondsPerBlock, ...slash };
      return ["BridgeAvs", [terms]];
    }
    case "finality":
      return ["FinalityAvs", [{ minStake, ...slash }]];
  }
}

interface Move {
  what: string;
  send: (controller: Contract) => Promise<ContractTransactionResponse>;
}

/** What is missing in the controller's settings, and how to set it. */
async function moves(ctx: Context, controller: Contract): Promise<Move[]> {
  const found: Move[] = [];
  for (const { name, capBps, sets } of ctx.config.avss) {
    const avs = ctx.address(AVS(name));
    if ((await controller.avsCapBps(avs)) < capBps) {
      found.push({ what: `cap of ${name}: ${capBps} bps`, send: (c) => c.raiseAvsCap(avs, capBps) });
    }
    for (const { id, capBps: setCapBps, targetBps } of sets) {
      const set = { avs, id };
      const [admitted] = (await controller.termsOf(set)) as [boolean, bigint];
      if (!admitted) {
        found.push({
          what: `admit set ${id} of ${name}`,
          send: (c) => c.admitSet(set, setCapBps),
        });
      }
      for (const [operatorId, operator] of ctx.config.operators.entries()) {
        const [magnitude] = (await controller.targetOf(operatorId, set)) as [bigint, bigint];
        if (magnitude >= bpsToWad(targetBps)) continue;
        found.push({
          what: `target of ${operator.name} for set ${id} of ${name}: ${targetBps} bps`,
          send: (c) => c.raiseTarget(operatorId, set, bpsToWad(targetBps)),
        });
      }
    }
  }
  return found;
}

/** Admits the configured operator sets under their caps and sets every operator's targets. */
export const sets = step("lrt/sets", {
  needs: ["avs/contracts", "lrt/operators"],
  differences: async (ctx) => (await moves(ctx, await ctx.contract("AllocationController"))).map(({ what }) => what),
  apply: async (ctx) => {
    const controller = await ctx.contract("AllocationController");
    for (const { what, send } of await moves(ctx, controller)) {
      await ctx.send(what, send(controller));
    }
  },
});
