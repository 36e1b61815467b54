import { artifacts, ethers } from "hardhat";
import { ZeroAddress, ZeroHash, type BaseContract, type InterfaceAbi, type Signer } from "ethers";
import {
  deployContract,
  deployEngine,
  deployStrategy,
  deployStrategyFactory,
  type EngineConfig,
  type LoadArtifact,
} from "../../../deploy/lib/engine";
import {
  AllocationManagerViews__factory,
  AVSRegistrarMock__factory,
  DelegationManager__factory,
  ERC20Mock__factory,
  IAllocationManager__factory,
  PermissionController__factory,
  RewardsCoordinator__factory,
  StrategyBase__factory,
  StrategyFactory__factory,
  StrategyManager__factory,
  type ERC20Mock,
  type StrategyBase,
} from "../../../typechain-types";

export const WAD = 10n ** 18n;
export const ether = ethers.parseEther;
export const NO_APPROVAL = { signature: "0x", expiry: 0n };
/** Code that reverts whatever is asked. */
export const BROKEN = "0x5f5ffd";
export const SET = 1n;

export const CREATE = "createOperatorSets(address,(uint32,address[],address)[])";
export const CREATE_REDISTRIBUTING = "createRedistributingOperatorSets(address,(uint32,address[],address)[],address[])";

/** Deploys a mock, paid by the first account. */
export async function make(name: string, args: unknown[] = []): Promise<string> {
  return deployContract({ deployer: (await ethers.getSigners())[0], artifact }, name, args);
}

const artifact: LoadArtifact = async (name) => {
  const { abi, bytecode } = await artifacts.readArtifact(name);
  return { abi: abi as InterfaceAbi, bytecode };
};

export interface EngineOptions {
  withdrawalDelay?: number;
  deallocationDelay?: number;
  configurationDelay?: number;
  strategies?: number;
  /** Mine past the withdrawal delay. */
  old?: boolean;
  /** Everything else that the engine can be set up with. */
  config?: Partial<EngineConfig>;
}

/** An engine with strategies in ascending order, and an AVS with a registrar; everyone has tokens and approved them. */
export async function engineWorld(options: EngineOptions = {}) {
  const { withdrawalDelay = 20, deallocationDelay = 20, configurationDelay = 5, strategies: count = 2 } = options;
  const [owner, avs, operator, other, alice, bob, carol, recipient, stranger] = await ethers.getSigners();
  const engine = await deployEngine({
    deployer: owner,
    artifact,
    config: {
      minWithdrawalDelayBlocks: withdrawalDelay,
      deallocationDelayBlocks: deallocationDelay,
      allocationConfigurationDelayBlocks: configurationDelay,
      owner: owner.address,
      strategyWhitelister: owner.address,
      pausers: [owner.address],
      unpauser: owner.address,
      ...options.config,
    },
  });
  const sm = StrategyManager__factory.connect(engine.strategyManager, owner);
  const dm = DelegationManager__factory.connect(engine.delegationManager, owner);
  const am = IAllocationManager__factory.connect(engine.allocationManager, owner);
  const views = AllocationManagerViews__factory.connect(engine.allocationManager, owner);
  const pc = PermissionController__factory.connect(engine.permissionController, owner);
  const rc = RewardsCoordinator__factory.connect(engine.rewardsCoordinator, owner);
  const people = [operator, other, alice, bob, carol];
  const pairs: { token: ERC20Mock; strategy: StrategyBase }[] = [];
  for (let i = 0; i < count; ++i) {
    const token = ERC20Mock__factory.connect(await make("ERC20Mock", [`Token ${i}`, `T${i}`]), owner);
    const at = await deployStrategy({ deployer: owner, artifact }, engine, await token.getAddress());
    pairs.push({ token, strategy: StrategyBase__factory.connect(at, owner) });
    for (const person of people) {
      await token.mint(person, ether("1000000"));
      await token.connect(person).approve(sm, ethers.MaxUint256);
    }
  }
  const at = new Map(await Promise.all(pairs.map(async (p) => [p, BigInt(await p.strategy.getAddress())] as const)));
  pairs.sort((a, b) => ((at.get(a) ?? 0n) < (at.get(b) ?? 0n) ? -1 : 1));
  const tokens = pairs.map(({ token }) => token);
  const strategies = pairs.map(({ strategy }) => strategy);
  await sm.addStrategiesToDepositWhitelist(strategies);
  const registrar = AVSRegistrarMock__factory.connect(await make("AVSRegistrarMock"), owner);
  await am.connect(avs).updateAVSMetadataURI(avs, "avs");
  await am.connect(avs).setAVSRegistrar(avs, registrar);
  if (options.old !== false) await mine(withdrawalDelay + 1);
  const signers = { owner, avs, operator, other, alice, bob, carol, recipient, stranger };
  return { engine, sm, dm, am, views, pc, rc, registrar, tokens, strategies, ...signers };
}

export type EngineWorld = Awaited<ReturnType<typeof engineWorld>>;

/** A factory that chooses the strategies from now on. */
export async function factoryOf(w: EngineWorld) {
  const at = await deployStrategyFactory({ deployer: w.owner, artifact }, w.engine, w.owner.address);
  await w.sm.setStrategyWhitelister(at);
  return StrategyFactory__factory.connect(at, w.owner);
}

export const mine = (blocks: number | bigint): Promise<unknown> =>
  ethers.provider.send("hardhat_mine", [ethers.toQuantity(blocks)]);

export const breakContract = async (contract: BaseContract): Promise<() => Promise<void>> => {
  const address = await contract.getAddress();
  const code = await ethers.provider.getCode(address);
  await ethers.provider.send("hardhat_setCode", [address, BROKEN]);
  return async () => void (await ethers.provider.send("hardhat_setCode", [address, code]));
};

/** Registers an operator without delay, in a new set of all strategies, with magnitudes in their order. */
export async function operates(w: EngineWorld, operator: EngineWorld["operator"], id = SET, magnitudes: bigint[] = []) {
  if (!(await w.dm.isOperator(operator))) await w.dm.connect(operator).registerAsOperator(ZeroAddress, 0, "");
  const set = { avs: w.avs.address, id };
  if (!(await w.am.isOperatorSet(set))) {
    const params = [{ operatorSetId: id, strategies: w.strategies, slasher: w.avs }];
    await w.am.connect(w.avs)[CREATE](w.avs, params);
  }
  const joining = { avs: w.avs, operatorSetIds: [id], data: "0x" };
  await w.am.connect(operator).registerForOperatorSets(operator, joining);
  const used = magnitudes.length > 0 ? magnitudes : [WAD];
  await allocates(w, operator, id, used);
}

export async function allocates(w: EngineWorld, operator: EngineWorld["operator"], id: bigint, magnitudes: bigint[]) {
  const strategies = w.strategies.slice(0, magnitudes.length);
  const params = [{ operatorSet: { avs: w.avs.address, id }, strategies, newMagnitudes: magnitudes }];
  return w.am.connect(operator).modifyAllocations(operator, params);
}

export async function deposits(w: EngineWorld, who: Signer, amount: bigint, i = 0) {
  return w.sm.connect(who).depositIntoStrategy(w.strategies[i], w.tokens[i], amount);
}

export async function delegates(w: EngineWorld, who: Signer, operator: EngineWorld["operator"]) {
  return w.dm.connect(who).delegateTo(operator, NO_APPROVAL, ZeroHash);
}

export async function slashes(w: EngineWorld, operator: EngineWorld["operator"], wads: bigint[], id = SET) {
  const strategies = await Promise.all(w.strategies.slice(0, wads.length).map((s) => s.getAddress()));
  const params = { operator, operatorSetId: id, strategies, wadsToSlash: wads, description: "" };
  return w.am.connect(w.avs).slashOperator(w.avs, params);
}

export async function queues(w: EngineWorld, who: Signer, amounts: bigint[]) {
  const strategies = w.strategies.slice(0, amounts.length);
  const params = [{ strategies, depositShares: amounts, __deprecated_withdrawer: ZeroAddress }];
  return w.dm.connect(who).queueWithdrawals(params);
}

/** The `index`th withdrawal of a staker as it must be handed in, and the tokens for it. */
export async function queuedOf(w: EngineWorld, who: Signer, index = 0) {
  const [withdrawals, shares] = await w.dm.getQueuedWithdrawals(who);
  const { staker, delegatedTo, withdrawer, nonce, startBlock, strategies, scaledShares } = withdrawals[index];
  const names = await Promise.all(w.strategies.map((s) => s.getAddress()));
  const tokens = strategies.map((strategy) => w.tokens[names.indexOf(strategy)]);
  const lists = { strategies: [...strategies], scaledShares: [...scaledShares] };
  return {
    withdrawal: { staker, delegatedTo, withdrawer, nonce, startBlock, ...lists },
    tokens,
    worth: [...shares[index]],
  };
}

export async function completes(w: EngineWorld, who: Signer, asTokens = true, index = 0) {
  const { withdrawal, tokens } = await queuedOf(w, who, index);
  return w.dm.connect(who).completeQueuedWithdrawal(withdrawal, tokens, asTokens);
}

export async function withdrawableOf(w: EngineWorld, who: Signer, i = 0): Promise<bigint> {
  const [[amount]] = await w.dm.getWithdrawableShares(who, [w.strategies[i]]);
  return amount;
}
