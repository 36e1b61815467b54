/** The engine's contracts, doing the actions of the walk and showing what it compares. */
import { Interface, type InterfaceAbi, getAddress, toBeHex, ZeroAddress } from "ethers";
import { deployContract, deployEngine, deployStrategy } from "../../deploy/lib/engine";
import { hardhatChain, type Chain } from "../conformance/chain";
import { readExtra } from "./engine-extra";
import type { Extra } from "./engine-invariants";
import { Looker } from "./engine-look";
import { ACCOUNTS, OPERATORS, SETS, STRATEGIES, type Action, type Delays, type Observation } from "./engine-types";

const GAS = "0x1000000";
const MAX = 2n ** 256n - 1n;
const ETHER = 10n ** 18n;
export const BURN = "0x00000000000000000000000000000000000E16E4";

export type Contract = "strategyManager" | "delegationManager" | "allocationManager" | "permissionController";

/** Addresses by short name, and the interfaces of the contracts. */
export interface Places {
  address: Record<string, string>;
  strategy: Record<string, string>;
  token: Record<string, string>;
  abi: Interface;
}

const KINDS = [
  "StrategyManager",
  "DelegationManager",
  "AllocationManager",
  "AllocationManagerViews",
  "PermissionController",
  "StrategyBase",
  "ERC20Mock",
  "AVSRegistrarMock",
];

/** Accounts beside those of the model. */
const OTHERS = ["avs", "recipient", "keeper"];

export class EngineChain {
  private constructor(
    private readonly chain: Chain,
    readonly places: Places,
    private readonly looker: Looker,
  ) {}

  static async start(delays: Delays, tokens: bigint, allocationDelays: Record<string, bigint>): Promise<EngineChain> {
    const chain = hardhatChain();
    const places = await deploy(chain, delays);
    const manyCalls = await deployContract(
      { deployer: await chain.deployer(), artifact: chain.artifact },
      "ManyCallsMock",
      [],
    );
    const engine = new EngineChain(chain, places, new Looker(chain, places, manyCalls));
    await engine.prepare(tokens, allocationDelays);
    await chain.mineMany(delays.withdrawal + 1n, 1n); // a chain not longer than the delay cannot slash
    return engine;
  }

  observe = (): ReturnType<Looker["observe"]> => this.looker.observe();
  extra = (before: bigint, seen: Observation): Promise<Extra> => readExtra(this.looker, this.places, before, seen);
  latest = async (): Promise<bigint> => (await this.chain.latest()).number;

  /** Does it in the next block. Returns the error that it was refused with. */
  async perform(action: Action): Promise<string | undefined> {
    if (action.do === "mine") {
      await this.chain.mineMany(BigInt(action.blocks), 1n);
      return undefined;
    }
    const [from, to, name, args] = await this.call(action);
    return this.send(from, to, name, args);
  }

  private async send(from: string, to: string, name: string, args: unknown[]): Promise<string | undefined> {
    const data = this.places.abi.encodeFunctionData(name, args);
    const { failed } = await this.chain.send({ from: this.places.address[from], to, data, gas: GAS });
    if (failed === undefined) return undefined;
    if (failed === "0x") return "empty";
    const error = this.places.abi.parseError(failed);
    if (error === null) return failed;
    return error.name === "Panic" ? `Panic(0x${(error.args[0] as bigint).toString(16)})` : error.name;
  }

  /** Sender, contract, function and arguments. */
  private async call(action: Exclude<Action, { do: "mine" }>): Promise<[string, string, string, unknown[]]> {
    const { address, strategy, token } = this.places;
    const { strategyManager, delegationManager, allocationManager, avs } = address;
    const approval = { signature: "0x", expiry: 0n };
    const salt = "0x".padEnd(66, "0");
    switch (action.do) {
      case "deposit": {
        const args = [strategy[action.strategy], token[action.strategy], action.amount];
        return [action.who, strategyManager, "depositIntoStrategy", args];
      }
      case "delegate":
        return [action.who, delegationManager, "delegateTo", [address[action.operator], approval, salt]];
      case "redelegate":
        return [action.who, delegationManager, "redelegate", [address[action.operator], approval, salt]];
      case "undelegate":
        return [action.by, delegationManager, "undelegate", [address[action.who]]];
      case "queue": {
        const strategies = action.strategies.map((name) => strategy[name]);
        const params = [{ strategies, depositShares: action.shares, __deprecated_withdrawer: ZeroAddress }];
        return [action.who, delegationManager, "queueWithdrawals", [params]];
      }
      case "complete": {
        const { withdrawal, tokens } = await this.looker.withdrawal(action.who, action.index);
        return [action.who, delegationManager, "completeQueuedWithdrawal", [withdrawal, tokens, action.asTokens]];
      }
      case "register": {
        const params = { avs, operatorSetIds: [action.set], data: "0x" };
        return [action.operator, allocationManager, "registerForOperatorSets", [address[action.operator], params]];
      }
      case "deregister": {
        const params = { operator: address[action.operator], avs, operatorSetIds: [action.set] };
        return [action.operator, allocationManager, "deregisterFromOperatorSets", [params]];
      }
      case "allocate": {
        const { set: id, magnitude } = action;
        const operatorSet = { avs, id };
        const params = [{ operatorSet, strategies: [strategy[action.strategy]], newMagnitudes: [magnitude] }];
        return [action.operator, allocationManager, "modifyAllocations", [address[action.operator], params]];
      }
      case "free": {
        const args = [address[action.operator], [strategy[action.strategy]], [action.count]];
        return ["keeper", allocationManager, "clearDeallocationQueue", args];
      }
      case "setDelay":
        return [action.operator, allocationManager, "setAllocationDelay", [address[action.operator], action.delay]];
      case "slash": {
        const params = {
          operator: address[action.operator],
          operatorSetId: action.set,
          strategies: action.strategies.map((name) => strategy[name]),
          wadsToSlash: action.wads,
          description: "walk",
        };
        return ["avs", allocationManager, "slashOperator", [avs, params]];
      }
      case "clear": {
        const args = [{ avs, id: action.set }, action.slashId];
        return ["keeper", strategyManager, "clearBurnOrRedistributableShares", args];
      }
      case "clearOne": {
        const args = [{ avs, id: action.set }, action.slashId, strategy[action.strategy]];
        return ["keeper", strategyManager, "clearBurnOrRedistributableSharesByStrategy", args];
      }
      case "addStrategy":
        return ["avs", allocationManager, "addStrategiesToOperatorSet", [avs, action.set, [strategy[action.strategy]]]];
      case "removeStrategy": {
        const args = [avs, action.set, [strategy[action.strategy]]];
        return ["avs", allocationManager, "removeStrategiesFromOperatorSet", args];
      }
      case "donate":
        return ["keeper", token[action.strategy], "mint", [strategy[action.strategy], action.amount]];
    }
  }

  private async prepare(tokens: bigint, allocationDelays: Record<string, bigint>): Promise<void> {
    const { address, strategy, token } = this.places;
    const { strategyManager, delegationManager, allocationManager, avs } = address;
    const must = async (from: string, to: string, name: string, args: unknown[]): Promise<void> => {
      const error = await this.send(from, to, name, args);
      if (error !== undefined) throw new Error(`${name}: ${error}`);
    };
    for (const name of [...ACCOUNTS, ...OTHERS]) await this.chain.command(address[name], ETHER * 1_000n);
    await must("keeper", strategyManager, "addStrategiesToDepositWhitelist", [Object.values(strategy)]);
    for (const name of ACCOUNTS) {
      for (const at of Object.values(token)) {
        await must(name, at, "mint", [address[name], tokens]);
        await must(name, at, "approve", [strategyManager, MAX]);
      }
    }
    for (const name of OPERATORS) {
      await must(name, delegationManager, "registerAsOperator", [ZeroAddress, allocationDelays[name], ""]);
    }
    await must("avs", allocationManager, "updateAVSMetadataURI", [avs, "walk"]);
    await must("avs", allocationManager, "setAVSRegistrar", [avs, address.registrar]);
    for (const [operatorSetId, { strategies, recipient }] of SETS.entries()) {
      const params = [{ operatorSetId, strategies: strategies.map((name) => strategy[name]), slasher: avs }];
      if (recipient === "burn") {
        await must("avs", allocationManager, "createOperatorSets(address,(uint32,address[],address)[])", [avs, params]);
      } else {
        const create = "createRedistributingOperatorSets(address,(uint32,address[],address)[],address[])";
        await must("avs", allocationManager, create, [avs, params, [address.recipient]]);
      }
    }
  }
}

async function deploy(chain: Chain, delays: Delays): Promise<Places> {
  const deployment = { deployer: await chain.deployer(), artifact: chain.artifact };
  const address: Record<string, string> = { burn: BURN };
  for (const [i, name] of [...ACCOUNTS, ...OTHERS].entries()) {
    address[name] = getAddress(toBeHex(0x7e57n * 2n ** 64n + BigInt(i), 20));
  }
  const engine = await deployEngine({
    ...deployment,
    config: {
      minWithdrawalDelayBlocks: Number(delays.withdrawal),
      deallocationDelayBlocks: Number(delays.deallocation),
      allocationConfigurationDelayBlocks: Number(delays.configuration),
      owner: address.keeper,
      strategyWhitelister: address.keeper,
      pausers: [address.keeper],
      unpauser: address.keeper,
    },
  });
  Object.assign(address, engine);
  address.registrar = await deployContract(deployment, "AVSRegistrarMock", []);
  const pairs: { token: string; strategy: string }[] = [];
  for (const name of STRATEGIES) {
    const token = await deployContract(deployment, "ERC20Mock", [name, name]);
    pairs.push({ token, strategy: await deployStrategy(deployment, engine, token) });
  }
  pairs.sort((a, b) => (BigInt(a.strategy) < BigInt(b.strategy) ? -1 : 1)); // A is the lowest address
  const fragments = await Promise.all(KINDS.map(async (name) => (await chain.artifact(name)).abi));
  const named = (pick: (pair: (typeof pairs)[number]) => string): Record<string, string> =>
    Object.fromEntries(STRATEGIES.map((name, i) => [name, pick(pairs[i])]));
  return {
    address,
    strategy: named(({ strategy }) => strategy),
    token: named(({ token }) => token),
    abi: union(fragments),
  };
}

/** One interface of several, each fragment once. */
function union(abis: InterfaceAbi[]): Interface {
  const texts = new Set(abis.flatMap((abi) => new Interface(abi).format(false)));
  return new Interface([...texts].filter((text) => !text.startsWith("constructor")));
}
