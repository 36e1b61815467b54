import { Contract, encodeBytes32String, parseEther, ZeroAddress, type ContractTransactionResponse } from "ethers";
import { BLOCK_SECONDS, type AvsContract } from "../config/avss";
import type { Config } from "../config/schema";
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
        ctx.address(ENGINE.rewards),
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
      const { accuracy, roundSeconds: roundLength, absences, ofRounds } = contract;
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
      return ["OracleAvs", [{ minStake, roundLength, absences, ofRounds, ...slash }, accurate]];
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

type Avs = Config["avss"][number];
type SetOf = Avs["sets"][number];

interface Move {
  what: string;
  send: () => Promise<ContractTransactionResponse>;
}

const SLASHER = ["function getSlasher((address avs, uint32 id)) view returns (address)"];

/** Stages of a set, as the registry numbers them. */
const STAGE = { unknown: 0n, proposed: 1n, admitted: 2n } as const;

/** What a holder reads of a set before it is admitted. */
async function publicTerms(ctx: Context, avs: Avs, { id, capBps, group, fault }: SetOf): Promise<unknown[]> {
  const engine = new Contract(ctx.address(ENGINE.allocation), SLASHER, ctx.provider);
  const verifier = fault.kind === "objective" ? fault.verifier : fault.committee;
  const judge =
    verifier ?? ((await engine.getFunction("getSlasher")({ avs: ctx.address(AVS(avs.name)), id })) as string);
  const uri = avs.contract.kind === "external" ? (avs.metadataURI ?? "") : avs.contract.metadataURI;
  const vetoed = fault.kind === "vetoed";
  const window = vetoed ? fault.windowSeconds : 0n;
  return [vetoed ? 1n : 0n, capBps, window, judge, encodeBytes32String(group), `${avs.name} ${id}`, uri];
}

/** Before the first share a proposal may be admitted at once; later it waits in public, and the next run admits it. */
async function admission(ctx: Context, avs: Avs, set: SetOf): Promise<Move[]> {
  const registry = await ctx.contract("SetRegistry");
  const key = { avs: ctx.address(AVS(avs.name)), id: set.id };
  const [stage] = (await registry.statusOf(key)) as [bigint];
  const name = `set ${set.id} of ${avs.name}`;
  const admit = { what: `admit ${name}`, send: () => registry.admitSet(key) as Promise<ContractTransactionResponse> };
  if (stage === STAGE.admitted) return [];
  if (stage === STAGE.proposed) return [admit];
  const terms = await publicTerms(ctx, avs, set);
  const send = (): Promise<ContractTransactionResponse> =>
    registry.proposeSet(key, terms) as Promise<ContractTransactionResponse>;
  return [{ what: `propose ${name}`, send }, admit];
}

/** What is missing in the settings, and how to set it. */
async function moves(ctx: Context): Promise<Move[]> {
  const [registry, controller] = [await ctx.contract("SetRegistry"), await ctx.contract("AllocationController")];
  const found: Move[] = [];
  const add = (what: string, send: () => unknown): number =>
    found.push({ what, send: send as () => Promise<ContractTransactionResponse> });
  for (const avs of ctx.config.avss) {
    const { name, capBps } = avs;
    const address = ctx.address(AVS(name));
    if ((await registry.avsCapBps(address)) < capBps) {
      add(`cap of ${name}: ${capBps} bps`, () => registry.raiseAvsCap(address, capBps));
    }
    for (const set of avs.sets) {
      const key = { avs: address, id: set.id };
      const target = bpsToWad(set.targetBps);
      found.push(...(await admission(ctx, avs, set)));
      for (const [operatorId, operator] of ctx.config.operators.entries()) {
        const [magnitude] = (await controller.targetOf(operatorId, key)) as [bigint, bigint];
        if (magnitude >= target) continue;
        add(`target of ${operator.name} for set ${set.id} of ${name}: ${set.targetBps} bps`, () =>
          controller.raiseTarget(operatorId, key, target),
        );
      }
    }
  }
  return found;
}

/** Admits the configured operator sets under their caps and sets every operator's targets. */
export const sets = step("lrt/sets", {
  needs: ["avs/contracts", "lrt/operators", "lrt/AllocationController"],
  differences: async (ctx) => (await moves(ctx)).map(({ what }) => what),
  apply: async (ctx) => {
    for (const { what, send } of await moves(ctx)) await ctx.send(what, send());
  },
});
